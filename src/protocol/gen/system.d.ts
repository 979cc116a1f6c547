import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace dualgate. */
export namespace dualgate {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Hello.
         * @deprecated Use dualgate.v1.Hello.$Properties instead.
         */
        interface IHello extends dualgate.v1.Hello.$Properties {
        }

        /** Represents a Hello. */
        class Hello {

            /**
             * Constructs a new Hello.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Hello.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Hello protocol. */
            protocol: number;

            /** Hello token. */
            token: string;

            /** Hello resumeToken. */
            resumeToken: string;

            /** Hello received. */
            received: number;

            /** Hello device. */
            device: string;

            /** Hello client. */
            client: string;

            /** Hello batch. */
            batch: boolean;

            /**
             * Creates a new Hello instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Hello instance
             */
            static create(properties: dualgate.v1.Hello.$Shape): dualgate.v1.Hello & dualgate.v1.Hello.$Shape;
            static create(properties?: dualgate.v1.Hello.$Properties): dualgate.v1.Hello;

            /**
             * Encodes the specified Hello message. Does not implicitly {@link dualgate.v1.Hello.verify|verify} messages.
             * @param message Hello message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Hello & dualgate.v1.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Hello & dualgate.v1.Hello.$Shape;
        }

        namespace Hello {

            /** Properties of a Hello. */
            interface $Properties {

                /** Hello protocol */
                protocol?: (number|null);

                /** Hello token */
                token?: (string|null);

                /** Hello resumeToken */
                resumeToken?: (string|null);

                /** Hello received */
                received?: (number|null);

                /** Hello device */
                device?: (string|null);

                /** Hello client */
                client?: (string|null);

                /** Hello batch */
                batch?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Hello. */
            type $Shape = dualgate.v1.Hello.$Properties;
        }

        /**
         * Properties of a Welcome.
         * @deprecated Use dualgate.v1.Welcome.$Properties instead.
         */
        interface IWelcome extends dualgate.v1.Welcome.$Properties {
        }

        /** Represents a Welcome. */
        class Welcome {

            /**
             * Constructs a new Welcome.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Welcome.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Welcome sessionId. */
            sessionId: string;

            /** Welcome resumeToken. */
            resumeToken: string;

            /** Welcome epoch. */
            epoch: number;

            /** Welcome recovered. */
            recovered: boolean;

            /** Welcome replayed. */
            replayed: number;

            /** Welcome accepted. */
            accepted: number;

            /** Welcome heartbeatIntervalMs. */
            heartbeatIntervalMs: number;

            /** Welcome frameBytesMax. */
            frameBytesMax: number;

            /** Welcome datagramBytesMax. */
            datagramBytesMax: number;

            /** Welcome gatewayId. */
            gatewayId: string;

            /** Welcome userId. */
            userId: Long;

            /** Welcome serverTimeMs. */
            serverTimeMs: Long;

            /** Welcome expiresAtMs. */
            expiresAtMs: Long;

            /**
             * Creates a new Welcome instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Welcome instance
             */
            static create(properties: dualgate.v1.Welcome.$Shape): dualgate.v1.Welcome & dualgate.v1.Welcome.$Shape;
            static create(properties?: dualgate.v1.Welcome.$Properties): dualgate.v1.Welcome;

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link dualgate.v1.Welcome.verify|verify} messages.
             * @param message Welcome message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Welcome & dualgate.v1.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Welcome & dualgate.v1.Welcome.$Shape;
        }

        namespace Welcome {

            /** Properties of a Welcome. */
            interface $Properties {

                /** Welcome sessionId */
                sessionId?: (string|null);

                /** Welcome resumeToken */
                resumeToken?: (string|null);

                /** Welcome epoch */
                epoch?: (number|null);

                /** Welcome recovered */
                recovered?: (boolean|null);

                /** Welcome replayed */
                replayed?: (number|null);

                /** Welcome accepted */
                accepted?: (number|null);

                /** Welcome heartbeatIntervalMs */
                heartbeatIntervalMs?: (number|null);

                /** Welcome frameBytesMax */
                frameBytesMax?: (number|null);

                /** Welcome datagramBytesMax */
                datagramBytesMax?: (number|null);

                /** Welcome gatewayId */
                gatewayId?: (string|null);

                /** Welcome userId */
                userId?: (Long|null);

                /** Welcome serverTimeMs */
                serverTimeMs?: (Long|null);

                /** Welcome expiresAtMs */
                expiresAtMs?: (Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Welcome. */
            type $Shape = dualgate.v1.Welcome.$Properties;
        }

        /**
         * Properties of a Ping.
         * @deprecated Use dualgate.v1.Ping.$Properties instead.
         */
        interface IPing extends dualgate.v1.Ping.$Properties {
        }

        /** Represents a Ping. */
        class Ping {

            /**
             * Constructs a new Ping.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Ping.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ping sentAtMs. */
            sentAtMs: Long;

            /** Ping received. */
            received: number;

            /**
             * Creates a new Ping instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Ping instance
             */
            static create(properties: dualgate.v1.Ping.$Shape): dualgate.v1.Ping & dualgate.v1.Ping.$Shape;
            static create(properties?: dualgate.v1.Ping.$Properties): dualgate.v1.Ping;

            /**
             * Encodes the specified Ping message. Does not implicitly {@link dualgate.v1.Ping.verify|verify} messages.
             * @param message Ping message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Ping.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Ping message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Ping & dualgate.v1.Ping.$Shape} Ping
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Ping & dualgate.v1.Ping.$Shape;
        }

        namespace Ping {

            /** Properties of a Ping. */
            interface $Properties {

                /** Ping sentAtMs */
                sentAtMs?: (Long|null);

                /** Ping received */
                received?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Ping. */
            type $Shape = dualgate.v1.Ping.$Properties;
        }

        /**
         * Properties of a Pong.
         * @deprecated Use dualgate.v1.Pong.$Properties instead.
         */
        interface IPong extends dualgate.v1.Pong.$Properties {
        }

        /** Represents a Pong. */
        class Pong {

            /**
             * Constructs a new Pong.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Pong.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Pong sentAtMs. */
            sentAtMs: Long;

            /** Pong serverTimeMs. */
            serverTimeMs: Long;

            /** Pong received. */
            received: number;

            /**
             * Creates a new Pong instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Pong instance
             */
            static create(properties: dualgate.v1.Pong.$Shape): dualgate.v1.Pong & dualgate.v1.Pong.$Shape;
            static create(properties?: dualgate.v1.Pong.$Properties): dualgate.v1.Pong;

            /**
             * Encodes the specified Pong message. Does not implicitly {@link dualgate.v1.Pong.verify|verify} messages.
             * @param message Pong message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Pong.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Pong message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Pong & dualgate.v1.Pong.$Shape} Pong
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Pong & dualgate.v1.Pong.$Shape;
        }

        namespace Pong {

            /** Properties of a Pong. */
            interface $Properties {

                /** Pong sentAtMs */
                sentAtMs?: (Long|null);

                /** Pong serverTimeMs */
                serverTimeMs?: (Long|null);

                /** Pong received */
                received?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Pong. */
            type $Shape = dualgate.v1.Pong.$Properties;
        }

        /**
         * Properties of a GoAway.
         * @deprecated Use dualgate.v1.GoAway.$Properties instead.
         */
        interface IGoAway extends dualgate.v1.GoAway.$Properties {
        }

        /** Represents a GoAway. */
        class GoAway {

            /**
             * Constructs a new GoAway.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.GoAway.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GoAway spreadMs. */
            spreadMs: number;

            /** GoAway deadlineMs. */
            deadlineMs: number;

            /** GoAway reason. */
            reason: string;

            /** GoAway reconnectUrl. */
            reconnectUrl: string;

            /**
             * Creates a new GoAway instance using the specified properties.
             * @param [properties] Properties to set
             * @returns GoAway instance
             */
            static create(properties: dualgate.v1.GoAway.$Shape): dualgate.v1.GoAway & dualgate.v1.GoAway.$Shape;
            static create(properties?: dualgate.v1.GoAway.$Properties): dualgate.v1.GoAway;

            /**
             * Encodes the specified GoAway message. Does not implicitly {@link dualgate.v1.GoAway.verify|verify} messages.
             * @param message GoAway message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.GoAway.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GoAway message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.GoAway & dualgate.v1.GoAway.$Shape} GoAway
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.GoAway & dualgate.v1.GoAway.$Shape;
        }

        namespace GoAway {

            /** Properties of a GoAway. */
            interface $Properties {

                /** GoAway spreadMs */
                spreadMs?: (number|null);

                /** GoAway deadlineMs */
                deadlineMs?: (number|null);

                /** GoAway reason */
                reason?: (string|null);

                /** GoAway reconnectUrl */
                reconnectUrl?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GoAway. */
            type $Shape = dualgate.v1.GoAway.$Properties;
        }

        /**
         * Properties of an Error.
         * @deprecated Use dualgate.v1.Error.$Properties instead.
         */
        interface IError extends dualgate.v1.Error.$Properties {
        }

        /** Represents an Error. */
        class Error {

            /**
             * Constructs a new Error.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Error.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Error code. */
            code: string;

            /** Error message. */
            message: string;

            /** Error retryAfterMs. */
            retryAfterMs: number;

            /**
             * Creates a new Error instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Error instance
             */
            static create(properties: dualgate.v1.Error.$Shape): dualgate.v1.Error & dualgate.v1.Error.$Shape;
            static create(properties?: dualgate.v1.Error.$Properties): dualgate.v1.Error;

            /**
             * Encodes the specified Error message. Does not implicitly {@link dualgate.v1.Error.verify|verify} messages.
             * @param message Error message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Error.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Error message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Error & dualgate.v1.Error.$Shape} Error
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Error & dualgate.v1.Error.$Shape;
        }

        namespace Error {

            /** Properties of an Error. */
            interface $Properties {

                /** Error code */
                code?: (string|null);

                /** Error message */
                message?: (string|null);

                /** Error retryAfterMs */
                retryAfterMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Error. */
            type $Shape = dualgate.v1.Error.$Properties;
        }

        /**
         * Properties of an AuthLogin.
         * @deprecated Use dualgate.v1.AuthLogin.$Properties instead.
         */
        interface IAuthLogin extends dualgate.v1.AuthLogin.$Properties {
        }

        /** Represents an AuthLogin. */
        class AuthLogin {

            /**
             * Constructs a new AuthLogin.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.AuthLogin.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthLogin token. */
            token: string;

            /** AuthLogin username. */
            username: string;

            /** AuthLogin password. */
            password: string;

            /**
             * Creates a new AuthLogin instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AuthLogin instance
             */
            static create(properties: dualgate.v1.AuthLogin.$Shape): dualgate.v1.AuthLogin & dualgate.v1.AuthLogin.$Shape;
            static create(properties?: dualgate.v1.AuthLogin.$Properties): dualgate.v1.AuthLogin;

            /**
             * Encodes the specified AuthLogin message. Does not implicitly {@link dualgate.v1.AuthLogin.verify|verify} messages.
             * @param message AuthLogin message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.AuthLogin.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthLogin message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthLogin & dualgate.v1.AuthLogin.$Shape} AuthLogin
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.AuthLogin & dualgate.v1.AuthLogin.$Shape;
        }

        namespace AuthLogin {

            /** Properties of an AuthLogin. */
            interface $Properties {

                /** AuthLogin token */
                token?: (string|null);

                /** AuthLogin username */
                username?: (string|null);

                /** AuthLogin password */
                password?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthLogin. */
            type $Shape = dualgate.v1.AuthLogin.$Properties;
        }

        /**
         * Properties of an AuthRefresh.
         * @deprecated Use dualgate.v1.AuthRefresh.$Properties instead.
         */
        interface IAuthRefresh extends dualgate.v1.AuthRefresh.$Properties {
        }

        /** Represents an AuthRefresh. */
        class AuthRefresh {

            /**
             * Constructs a new AuthRefresh.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.AuthRefresh.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthRefresh refreshToken. */
            refreshToken: string;

            /**
             * Creates a new AuthRefresh instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AuthRefresh instance
             */
            static create(properties: dualgate.v1.AuthRefresh.$Shape): dualgate.v1.AuthRefresh & dualgate.v1.AuthRefresh.$Shape;
            static create(properties?: dualgate.v1.AuthRefresh.$Properties): dualgate.v1.AuthRefresh;

            /**
             * Encodes the specified AuthRefresh message. Does not implicitly {@link dualgate.v1.AuthRefresh.verify|verify} messages.
             * @param message AuthRefresh message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.AuthRefresh.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthRefresh message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthRefresh & dualgate.v1.AuthRefresh.$Shape} AuthRefresh
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.AuthRefresh & dualgate.v1.AuthRefresh.$Shape;
        }

        namespace AuthRefresh {

            /** Properties of an AuthRefresh. */
            interface $Properties {

                /** AuthRefresh refreshToken */
                refreshToken?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthRefresh. */
            type $Shape = dualgate.v1.AuthRefresh.$Properties;
        }

        /**
         * Properties of an AuthLogout.
         * @deprecated Use dualgate.v1.AuthLogout.$Properties instead.
         */
        interface IAuthLogout extends dualgate.v1.AuthLogout.$Properties {
        }

        /** Represents an AuthLogout. */
        class AuthLogout {

            /**
             * Constructs a new AuthLogout.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.AuthLogout.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthLogout everywhere. */
            everywhere: boolean;

            /**
             * Creates a new AuthLogout instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AuthLogout instance
             */
            static create(properties: dualgate.v1.AuthLogout.$Shape): dualgate.v1.AuthLogout & dualgate.v1.AuthLogout.$Shape;
            static create(properties?: dualgate.v1.AuthLogout.$Properties): dualgate.v1.AuthLogout;

            /**
             * Encodes the specified AuthLogout message. Does not implicitly {@link dualgate.v1.AuthLogout.verify|verify} messages.
             * @param message AuthLogout message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.AuthLogout.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthLogout message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthLogout & dualgate.v1.AuthLogout.$Shape} AuthLogout
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.AuthLogout & dualgate.v1.AuthLogout.$Shape;
        }

        namespace AuthLogout {

            /** Properties of an AuthLogout. */
            interface $Properties {

                /** AuthLogout everywhere */
                everywhere?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthLogout. */
            type $Shape = dualgate.v1.AuthLogout.$Properties;
        }

        /**
         * Properties of an AuthResult.
         * @deprecated Use dualgate.v1.AuthResult.$Properties instead.
         */
        interface IAuthResult extends dualgate.v1.AuthResult.$Properties {
        }

        /** Represents an AuthResult. */
        class AuthResult {

            /**
             * Constructs a new AuthResult.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.AuthResult.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthResult userId. */
            userId: Long;

            /** AuthResult token. */
            token: string;

            /** AuthResult refreshToken. */
            refreshToken: string;

            /** AuthResult expiresAtMs. */
            expiresAtMs: Long;

            /** AuthResult permissions. */
            permissions: string[];

            /** AuthResult resumeToken. */
            resumeToken: string;

            /**
             * Creates a new AuthResult instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AuthResult instance
             */
            static create(properties: dualgate.v1.AuthResult.$Shape): dualgate.v1.AuthResult & dualgate.v1.AuthResult.$Shape;
            static create(properties?: dualgate.v1.AuthResult.$Properties): dualgate.v1.AuthResult;

            /**
             * Encodes the specified AuthResult message. Does not implicitly {@link dualgate.v1.AuthResult.verify|verify} messages.
             * @param message AuthResult message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.AuthResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthResult message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthResult & dualgate.v1.AuthResult.$Shape} AuthResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.AuthResult & dualgate.v1.AuthResult.$Shape;
        }

        namespace AuthResult {

            /** Properties of an AuthResult. */
            interface $Properties {

                /** AuthResult userId */
                userId?: (Long|null);

                /** AuthResult token */
                token?: (string|null);

                /** AuthResult refreshToken */
                refreshToken?: (string|null);

                /** AuthResult expiresAtMs */
                expiresAtMs?: (Long|null);

                /** AuthResult permissions */
                permissions?: (string[]|null);

                /** AuthResult resumeToken */
                resumeToken?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthResult. */
            type $Shape = dualgate.v1.AuthResult.$Properties;
        }

        /**
         * Properties of a Notification.
         * @deprecated Use dualgate.v1.Notification.$Properties instead.
         */
        interface INotification extends dualgate.v1.Notification.$Properties {
        }

        /** Represents a Notification. */
        class Notification {

            /**
             * Constructs a new Notification.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Notification.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Notification kind. */
            kind: string;

            /** Notification text. */
            text: string;

            /** Notification data. */
            data: Uint8Array;

            /**
             * Creates a new Notification instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Notification instance
             */
            static create(properties: dualgate.v1.Notification.$Shape): dualgate.v1.Notification & dualgate.v1.Notification.$Shape;
            static create(properties?: dualgate.v1.Notification.$Properties): dualgate.v1.Notification;

            /**
             * Encodes the specified Notification message. Does not implicitly {@link dualgate.v1.Notification.verify|verify} messages.
             * @param message Notification message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Notification.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Notification message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Notification & dualgate.v1.Notification.$Shape} Notification
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Notification & dualgate.v1.Notification.$Shape;
        }

        namespace Notification {

            /** Properties of a Notification. */
            interface $Properties {

                /** Notification kind */
                kind?: (string|null);

                /** Notification text */
                text?: (string|null);

                /** Notification data */
                data?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Notification. */
            type $Shape = dualgate.v1.Notification.$Properties;
        }

        /**
         * Properties of a StatusQuery.
         * @deprecated Use dualgate.v1.StatusQuery.$Properties instead.
         */
        interface IStatusQuery extends dualgate.v1.StatusQuery.$Properties {
        }

        /** Represents a StatusQuery. */
        class StatusQuery {

            /**
             * Constructs a new StatusQuery.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.StatusQuery.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Creates a new StatusQuery instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StatusQuery instance
             */
            static create(properties: dualgate.v1.StatusQuery.$Shape): dualgate.v1.StatusQuery & dualgate.v1.StatusQuery.$Shape;
            static create(properties?: dualgate.v1.StatusQuery.$Properties): dualgate.v1.StatusQuery;

            /**
             * Encodes the specified StatusQuery message. Does not implicitly {@link dualgate.v1.StatusQuery.verify|verify} messages.
             * @param message StatusQuery message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.StatusQuery.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StatusQuery message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.StatusQuery & dualgate.v1.StatusQuery.$Shape} StatusQuery
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.StatusQuery & dualgate.v1.StatusQuery.$Shape;
        }

        namespace StatusQuery {

            /** Properties of a StatusQuery. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StatusQuery. */
            type $Shape = dualgate.v1.StatusQuery.$Properties;
        }

        /**
         * Properties of a Status.
         * @deprecated Use dualgate.v1.Status.$Properties instead.
         */
        interface IStatus extends dualgate.v1.Status.$Properties {
        }

        /** Represents a Status. */
        class Status {

            /**
             * Constructs a new Status.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Status.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Status gatewayId. */
            gatewayId: string;

            /** Status connections. */
            connections: number;

            /** Status uptimeMs. */
            uptimeMs: Long;

            /** Status load. */
            load: number;

            /**
             * Creates a new Status instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Status instance
             */
            static create(properties: dualgate.v1.Status.$Shape): dualgate.v1.Status & dualgate.v1.Status.$Shape;
            static create(properties?: dualgate.v1.Status.$Properties): dualgate.v1.Status;

            /**
             * Encodes the specified Status message. Does not implicitly {@link dualgate.v1.Status.verify|verify} messages.
             * @param message Status message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Status.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Status message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Status & dualgate.v1.Status.$Shape} Status
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Status & dualgate.v1.Status.$Shape;
        }

        namespace Status {

            /** Properties of a Status. */
            interface $Properties {

                /** Status gatewayId */
                gatewayId?: (string|null);

                /** Status connections */
                connections?: (number|null);

                /** Status uptimeMs */
                uptimeMs?: (Long|null);

                /** Status load */
                load?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Status. */
            type $Shape = dualgate.v1.Status.$Properties;
        }
    }
}
