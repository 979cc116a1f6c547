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

        /**
         * Properties of a GatewayMessage.
         * @deprecated Use dualgate.v1.GatewayMessage.$Properties instead.
         */
        interface IGatewayMessage extends dualgate.v1.GatewayMessage.$Properties {
        }

        /** Represents a GatewayMessage. */
        class GatewayMessage {

            /**
             * Constructs a new GatewayMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.GatewayMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GatewayMessage group. */
            group: string;

            /** GatewayMessage member. */
            member: boolean;

            /** GatewayMessage members. */
            members: number;

            /** GatewayMessage groups. */
            groups: string[];

            /** GatewayMessage userIds. */
            userIds: Long[];

            /**
             * Creates a new GatewayMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns GatewayMessage instance
             */
            static create(properties: dualgate.v1.GatewayMessage.$Shape): dualgate.v1.GatewayMessage & dualgate.v1.GatewayMessage.$Shape;
            static create(properties?: dualgate.v1.GatewayMessage.$Properties): dualgate.v1.GatewayMessage;

            /**
             * Encodes the specified GatewayMessage message. Does not implicitly {@link dualgate.v1.GatewayMessage.verify|verify} messages.
             * @param message GatewayMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.GatewayMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GatewayMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.GatewayMessage & dualgate.v1.GatewayMessage.$Shape} GatewayMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.GatewayMessage & dualgate.v1.GatewayMessage.$Shape;
        }

        namespace GatewayMessage {

            /** Properties of a GatewayMessage. */
            interface $Properties {

                /** GatewayMessage group */
                group?: (string|null);

                /** GatewayMessage member */
                member?: (boolean|null);

                /** GatewayMessage members */
                members?: (number|null);

                /** GatewayMessage groups */
                groups?: (string[]|null);

                /** GatewayMessage userIds */
                userIds?: (Long[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GatewayMessage. */
            type $Shape = dualgate.v1.GatewayMessage.$Properties;
        }

        /**
         * Properties of an Upstream.
         * @deprecated Use dualgate.v1.Upstream.$Properties instead.
         */
        interface IUpstream extends dualgate.v1.Upstream.$Properties {
        }

        /** Represents an Upstream. */
        class Upstream {

            /**
             * Constructs a new Upstream.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Upstream.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Upstream gatewayId. */
            gatewayId: string;

            /** Upstream sessionId. */
            sessionId: string;

            /** Upstream userId. */
            userId: Long;

            /** Upstream transport. */
            transport: string;

            /** Upstream seq. */
            seq: number;

            /** Upstream route. */
            route: number;

            /** Upstream msgId. */
            msgId: number;

            /** Upstream receivedAtMs. */
            receivedAtMs: Long;

            /** Upstream gameId. */
            gameId: string;

            /** Upstream payload. */
            payload: Uint8Array;

            /** Upstream latest. */
            latest: boolean;

            /**
             * Creates a new Upstream instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Upstream instance
             */
            static create(properties: dualgate.v1.Upstream.$Shape): dualgate.v1.Upstream & dualgate.v1.Upstream.$Shape;
            static create(properties?: dualgate.v1.Upstream.$Properties): dualgate.v1.Upstream;

            /**
             * Encodes the specified Upstream message. Does not implicitly {@link dualgate.v1.Upstream.verify|verify} messages.
             * @param message Upstream message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Upstream.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Upstream message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Upstream & dualgate.v1.Upstream.$Shape} Upstream
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Upstream & dualgate.v1.Upstream.$Shape;
        }

        namespace Upstream {

            /** Properties of an Upstream. */
            interface $Properties {

                /** Upstream gatewayId */
                gatewayId?: (string|null);

                /** Upstream sessionId */
                sessionId?: (string|null);

                /** Upstream userId */
                userId?: (Long|null);

                /** Upstream transport */
                transport?: (string|null);

                /** Upstream seq */
                seq?: (number|null);

                /** Upstream route */
                route?: (number|null);

                /** Upstream msgId */
                msgId?: (number|null);

                /** Upstream receivedAtMs */
                receivedAtMs?: (Long|null);

                /** Upstream gameId */
                gameId?: (string|null);

                /** Upstream payload */
                payload?: (Uint8Array|null);

                /** Upstream latest */
                latest?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Upstream. */
            type $Shape = dualgate.v1.Upstream.$Properties;
        }

        /**
         * Properties of an UpstreamBatch.
         * @deprecated Use dualgate.v1.UpstreamBatch.$Properties instead.
         */
        interface IUpstreamBatch extends dualgate.v1.UpstreamBatch.$Properties {
        }

        /** Represents an UpstreamBatch. */
        class UpstreamBatch {

            /**
             * Constructs a new UpstreamBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.UpstreamBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** UpstreamBatch messages. */
            messages: dualgate.v1.Upstream.$Properties[];

            /**
             * Creates a new UpstreamBatch instance using the specified properties.
             * @param [properties] Properties to set
             * @returns UpstreamBatch instance
             */
            static create(properties: dualgate.v1.UpstreamBatch.$Shape): dualgate.v1.UpstreamBatch & dualgate.v1.UpstreamBatch.$Shape;
            static create(properties?: dualgate.v1.UpstreamBatch.$Properties): dualgate.v1.UpstreamBatch;

            /**
             * Encodes the specified UpstreamBatch message. Does not implicitly {@link dualgate.v1.UpstreamBatch.verify|verify} messages.
             * @param message UpstreamBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.UpstreamBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an UpstreamBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.UpstreamBatch & dualgate.v1.UpstreamBatch.$Shape} UpstreamBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.UpstreamBatch & dualgate.v1.UpstreamBatch.$Shape;
        }

        namespace UpstreamBatch {

            /** Properties of an UpstreamBatch. */
            interface $Properties {

                /** UpstreamBatch messages */
                messages?: (dualgate.v1.Upstream.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an UpstreamBatch. */
            type $Shape = dualgate.v1.UpstreamBatch.$Properties;
        }

        /** Lane enum. */
        enum Lane {

            /** LANE_DEFAULT value */
            LANE_DEFAULT = 0,

            /** LANE_CRITICAL value */
            LANE_CRITICAL = 1,

            /** LANE_HIGH value */
            LANE_HIGH = 2,

            /** LANE_NORMAL value */
            LANE_NORMAL = 3,

            /** LANE_LOW value */
            LANE_LOW = 4
        }

        /**
         * Properties of a MessageBroadcast.
         * @deprecated Use dualgate.v1.MessageBroadcast.$Properties instead.
         */
        interface IMessageBroadcast extends dualgate.v1.MessageBroadcast.$Properties {
        }

        /** Represents a MessageBroadcast. */
        class MessageBroadcast {

            /**
             * Constructs a new MessageBroadcast.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.MessageBroadcast.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** MessageBroadcast targetUserIds. */
            targetUserIds: Long[];

            /** MessageBroadcast targetSessionIds. */
            targetSessionIds: string[];

            /** MessageBroadcast group. */
            group: string;

            /** MessageBroadcast everyone. */
            everyone: boolean;

            /** MessageBroadcast excludeSessionIds. */
            excludeSessionIds: string[];

            /** MessageBroadcast route. */
            route: number;

            /** MessageBroadcast msgId. */
            msgId: number;

            /** MessageBroadcast seq. */
            seq: number;

            /** MessageBroadcast response. */
            response: boolean;

            /** MessageBroadcast lane. */
            lane: dualgate.v1.Lane;

            /** MessageBroadcast latest. */
            latest: boolean;

            /** MessageBroadcast conflationKey. */
            conflationKey: string;

            /** MessageBroadcast payload. */
            payload: Uint8Array;

            /**
             * Creates a new MessageBroadcast instance using the specified properties.
             * @param [properties] Properties to set
             * @returns MessageBroadcast instance
             */
            static create(properties: dualgate.v1.MessageBroadcast.$Shape): dualgate.v1.MessageBroadcast & dualgate.v1.MessageBroadcast.$Shape;
            static create(properties?: dualgate.v1.MessageBroadcast.$Properties): dualgate.v1.MessageBroadcast;

            /**
             * Encodes the specified MessageBroadcast message. Does not implicitly {@link dualgate.v1.MessageBroadcast.verify|verify} messages.
             * @param message MessageBroadcast message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.MessageBroadcast.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a MessageBroadcast message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.MessageBroadcast & dualgate.v1.MessageBroadcast.$Shape} MessageBroadcast
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.MessageBroadcast & dualgate.v1.MessageBroadcast.$Shape;
        }

        namespace MessageBroadcast {

            /** Properties of a MessageBroadcast. */
            interface $Properties {

                /** MessageBroadcast targetUserIds */
                targetUserIds?: (Long[]|null);

                /** MessageBroadcast targetSessionIds */
                targetSessionIds?: (string[]|null);

                /** MessageBroadcast group */
                group?: (string|null);

                /** MessageBroadcast everyone */
                everyone?: (boolean|null);

                /** MessageBroadcast excludeSessionIds */
                excludeSessionIds?: (string[]|null);

                /** MessageBroadcast route */
                route?: (number|null);

                /** MessageBroadcast msgId */
                msgId?: (number|null);

                /** MessageBroadcast seq */
                seq?: (number|null);

                /** MessageBroadcast response */
                response?: (boolean|null);

                /** MessageBroadcast lane */
                lane?: (dualgate.v1.Lane|null);

                /** MessageBroadcast latest */
                latest?: (boolean|null);

                /** MessageBroadcast conflationKey */
                conflationKey?: (string|null);

                /** MessageBroadcast payload */
                payload?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a MessageBroadcast. */
            type $Shape = dualgate.v1.MessageBroadcast.$Properties;
        }

        /**
         * Properties of a GroupChange.
         * @deprecated Use dualgate.v1.GroupChange.$Properties instead.
         */
        interface IGroupChange extends dualgate.v1.GroupChange.$Properties {
        }

        /** Represents a GroupChange. */
        class GroupChange {

            /**
             * Constructs a new GroupChange.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.GroupChange.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GroupChange group. */
            group: string;

            /** GroupChange addSessionIds. */
            addSessionIds: string[];

            /** GroupChange removeSessionIds. */
            removeSessionIds: string[];

            /** GroupChange addUserIds. */
            addUserIds: Long[];

            /** GroupChange removeUserIds. */
            removeUserIds: Long[];

            /** GroupChange dissolve. */
            dissolve: boolean;

            /**
             * Creates a new GroupChange instance using the specified properties.
             * @param [properties] Properties to set
             * @returns GroupChange instance
             */
            static create(properties: dualgate.v1.GroupChange.$Shape): dualgate.v1.GroupChange & dualgate.v1.GroupChange.$Shape;
            static create(properties?: dualgate.v1.GroupChange.$Properties): dualgate.v1.GroupChange;

            /**
             * Encodes the specified GroupChange message. Does not implicitly {@link dualgate.v1.GroupChange.verify|verify} messages.
             * @param message GroupChange message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.GroupChange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GroupChange message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.GroupChange & dualgate.v1.GroupChange.$Shape} GroupChange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.GroupChange & dualgate.v1.GroupChange.$Shape;
        }

        namespace GroupChange {

            /** Properties of a GroupChange. */
            interface $Properties {

                /** GroupChange group */
                group?: (string|null);

                /** GroupChange addSessionIds */
                addSessionIds?: (string[]|null);

                /** GroupChange removeSessionIds */
                removeSessionIds?: (string[]|null);

                /** GroupChange addUserIds */
                addUserIds?: (Long[]|null);

                /** GroupChange removeUserIds */
                removeUserIds?: (Long[]|null);

                /** GroupChange dissolve */
                dissolve?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GroupChange. */
            type $Shape = dualgate.v1.GroupChange.$Properties;
        }

        /**
         * Properties of a DisconnectRequest.
         * @deprecated Use dualgate.v1.DisconnectRequest.$Properties instead.
         */
        interface IDisconnectRequest extends dualgate.v1.DisconnectRequest.$Properties {
        }

        /** Represents a DisconnectRequest. */
        class DisconnectRequest {

            /**
             * Constructs a new DisconnectRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.DisconnectRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DisconnectRequest sessionIds. */
            sessionIds: string[];

            /** DisconnectRequest userIds. */
            userIds: Long[];

            /** DisconnectRequest code. */
            code: number;

            /** DisconnectRequest reason. */
            reason: string;

            /**
             * Creates a new DisconnectRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DisconnectRequest instance
             */
            static create(properties: dualgate.v1.DisconnectRequest.$Shape): dualgate.v1.DisconnectRequest & dualgate.v1.DisconnectRequest.$Shape;
            static create(properties?: dualgate.v1.DisconnectRequest.$Properties): dualgate.v1.DisconnectRequest;

            /**
             * Encodes the specified DisconnectRequest message. Does not implicitly {@link dualgate.v1.DisconnectRequest.verify|verify} messages.
             * @param message DisconnectRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.DisconnectRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DisconnectRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.DisconnectRequest & dualgate.v1.DisconnectRequest.$Shape} DisconnectRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.DisconnectRequest & dualgate.v1.DisconnectRequest.$Shape;
        }

        namespace DisconnectRequest {

            /** Properties of a DisconnectRequest. */
            interface $Properties {

                /** DisconnectRequest sessionIds */
                sessionIds?: (string[]|null);

                /** DisconnectRequest userIds */
                userIds?: (Long[]|null);

                /** DisconnectRequest code */
                code?: (number|null);

                /** DisconnectRequest reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DisconnectRequest. */
            type $Shape = dualgate.v1.DisconnectRequest.$Properties;
        }

        /**
         * Properties of a Downstream.
         * @deprecated Use dualgate.v1.Downstream.$Properties instead.
         */
        interface IDownstream extends dualgate.v1.Downstream.$Properties {
        }

        /** Represents a Downstream. */
        class Downstream {

            /**
             * Constructs a new Downstream.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.Downstream.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Downstream message. */
            message?: (dualgate.v1.MessageBroadcast.$Properties|null);

            /** Downstream group. */
            group?: (dualgate.v1.GroupChange.$Properties|null);

            /** Downstream disconnect. */
            disconnect?: (dualgate.v1.DisconnectRequest.$Properties|null);

            /** Downstream body. */
            body?: ("message"|"group"|"disconnect");

            /**
             * Creates a new Downstream instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Downstream instance
             */
            static create(properties: dualgate.v1.Downstream.$Shape): dualgate.v1.Downstream & dualgate.v1.Downstream.$Shape;
            static create(properties?: dualgate.v1.Downstream.$Properties): dualgate.v1.Downstream;

            /**
             * Encodes the specified Downstream message. Does not implicitly {@link dualgate.v1.Downstream.verify|verify} messages.
             * @param message Downstream message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.Downstream.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Downstream message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.Downstream & dualgate.v1.Downstream.$Shape} Downstream
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.Downstream & dualgate.v1.Downstream.$Shape;
        }

        namespace Downstream {

            /** Properties of a Downstream. */
            interface $Properties {

                /** Downstream message */
                message?: (dualgate.v1.MessageBroadcast.$Properties|null);

                /** Downstream group */
                group?: (dualgate.v1.GroupChange.$Properties|null);

                /** Downstream disconnect */
                disconnect?: (dualgate.v1.DisconnectRequest.$Properties|null);

                /** Downstream body */
                body?: ("message"|"group"|"disconnect");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Downstream. */
            type $Shape = {
              message?: dualgate.v1.MessageBroadcast.$Shape|null;
              group?: dualgate.v1.GroupChange.$Shape|null;
              disconnect?: dualgate.v1.DisconnectRequest.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; message?: null; group?: null; disconnect?: null }|{ body?: "message"; message: dualgate.v1.MessageBroadcast.$Shape; group?: null; disconnect?: null }|{ body?: "group"; message?: null; group: dualgate.v1.GroupChange.$Shape; disconnect?: null }|{ body?: "disconnect"; message?: null; group?: null; disconnect: dualgate.v1.DisconnectRequest.$Shape })
            );
        }

        /**
         * Properties of a DownstreamBatch.
         * @deprecated Use dualgate.v1.DownstreamBatch.$Properties instead.
         */
        interface IDownstreamBatch extends dualgate.v1.DownstreamBatch.$Properties {
        }

        /** Represents a DownstreamBatch. */
        class DownstreamBatch {

            /**
             * Constructs a new DownstreamBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.DownstreamBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DownstreamBatch items. */
            items: dualgate.v1.Downstream.$Properties[];

            /**
             * Creates a new DownstreamBatch instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DownstreamBatch instance
             */
            static create(properties: dualgate.v1.DownstreamBatch.$Shape): dualgate.v1.DownstreamBatch & dualgate.v1.DownstreamBatch.$Shape;
            static create(properties?: dualgate.v1.DownstreamBatch.$Properties): dualgate.v1.DownstreamBatch;

            /**
             * Encodes the specified DownstreamBatch message. Does not implicitly {@link dualgate.v1.DownstreamBatch.verify|verify} messages.
             * @param message DownstreamBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.DownstreamBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DownstreamBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.DownstreamBatch & dualgate.v1.DownstreamBatch.$Shape} DownstreamBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.DownstreamBatch & dualgate.v1.DownstreamBatch.$Shape;
        }

        namespace DownstreamBatch {

            /** Properties of a DownstreamBatch. */
            interface $Properties {

                /** DownstreamBatch items */
                items?: (dualgate.v1.Downstream.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DownstreamBatch. */
            type $Shape = {
              items?: dualgate.v1.Downstream.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a DeadLetter.
         * @deprecated Use dualgate.v1.DeadLetter.$Properties instead.
         */
        interface IDeadLetter extends dualgate.v1.DeadLetter.$Properties {
        }

        /** Represents a DeadLetter. */
        class DeadLetter {

            /**
             * Constructs a new DeadLetter.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.DeadLetter.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeadLetter topic. */
            topic: string;

            /** DeadLetter reason. */
            reason: string;

            /** DeadLetter attempts. */
            attempts: number;

            /** DeadLetter failedAtMs. */
            failedAtMs: Long;

            /** DeadLetter source. */
            source: string;

            /** DeadLetter messages. */
            messages: Uint8Array[];

            /**
             * Creates a new DeadLetter instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeadLetter instance
             */
            static create(properties: dualgate.v1.DeadLetter.$Shape): dualgate.v1.DeadLetter & dualgate.v1.DeadLetter.$Shape;
            static create(properties?: dualgate.v1.DeadLetter.$Properties): dualgate.v1.DeadLetter;

            /**
             * Encodes the specified DeadLetter message. Does not implicitly {@link dualgate.v1.DeadLetter.verify|verify} messages.
             * @param message DeadLetter message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.DeadLetter.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeadLetter message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.DeadLetter & dualgate.v1.DeadLetter.$Shape} DeadLetter
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.DeadLetter & dualgate.v1.DeadLetter.$Shape;
        }

        namespace DeadLetter {

            /** Properties of a DeadLetter. */
            interface $Properties {

                /** DeadLetter topic */
                topic?: (string|null);

                /** DeadLetter reason */
                reason?: (string|null);

                /** DeadLetter attempts */
                attempts?: (number|null);

                /** DeadLetter failedAtMs */
                failedAtMs?: (Long|null);

                /** DeadLetter source */
                source?: (string|null);

                /** DeadLetter messages */
                messages?: (Uint8Array[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeadLetter. */
            type $Shape = dualgate.v1.DeadLetter.$Properties;
        }

        /**
         * Properties of a ChatResponse.
         * @deprecated Use dualgate.v1.ChatResponse.$Properties instead.
         */
        interface IChatResponse extends dualgate.v1.ChatResponse.$Properties {
        }

        /** Represents a ChatResponse. */
        class ChatResponse {

            /**
             * Constructs a new ChatResponse.
             * @param [properties] Properties to set
             */
            constructor(properties?: dualgate.v1.ChatResponse.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ChatResponse targetUserId. */
            targetUserId: Long;

            /** ChatResponse rest. */
            rest: Uint8Array;

            /**
             * Creates a new ChatResponse instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ChatResponse instance
             */
            static create(properties: dualgate.v1.ChatResponse.$Shape): dualgate.v1.ChatResponse & dualgate.v1.ChatResponse.$Shape;
            static create(properties?: dualgate.v1.ChatResponse.$Properties): dualgate.v1.ChatResponse;

            /**
             * Encodes the specified ChatResponse message. Does not implicitly {@link dualgate.v1.ChatResponse.verify|verify} messages.
             * @param message ChatResponse message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: dualgate.v1.ChatResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ChatResponse message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {dualgate.v1.ChatResponse & dualgate.v1.ChatResponse.$Shape} ChatResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): dualgate.v1.ChatResponse & dualgate.v1.ChatResponse.$Shape;
        }

        namespace ChatResponse {

            /** Properties of a ChatResponse. */
            interface $Properties {

                /** ChatResponse targetUserId */
                targetUserId?: (Long|null);

                /** ChatResponse rest */
                rest?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ChatResponse. */
            type $Shape = dualgate.v1.ChatResponse.$Properties;
        }
    }
}
