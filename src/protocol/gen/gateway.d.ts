import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace dualgate. */
export namespace dualgate {

    /** Namespace v1. */
    namespace v1 {

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
