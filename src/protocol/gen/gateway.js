/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["gateway"] || ($protobuf.roots["gateway"] = {});

export const dualgate = $root.dualgate = (() => {

    /**
     * Namespace dualgate.
     * @exports dualgate
     * @namespace
     */
    const dualgate = {};

    dualgate.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof dualgate
         * @namespace
         */
        const v1 = {};

        v1.GatewayMessage = (function() {

            /**
             * Properties of a GatewayMessage.
             * @typedef {Object} dualgate.v1.GatewayMessage.$Properties
             * @property {string|null} [group] GatewayMessage group
             * @property {boolean|null} [member] GatewayMessage member
             * @property {number|null} [members] GatewayMessage members
             * @property {Array.<string>|null} [groups] GatewayMessage groups
             * @property {Array.<Long>|null} [userIds] GatewayMessage userIds
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GatewayMessage.
             * @memberof dualgate.v1
             * @interface IGatewayMessage
             * @augments dualgate.v1.GatewayMessage.$Properties
             * @deprecated Use dualgate.v1.GatewayMessage.$Properties instead.
             */

            /**
             * Shape of a GatewayMessage.
             * @typedef {dualgate.v1.GatewayMessage.$Properties} dualgate.v1.GatewayMessage.$Shape
             */

            /**
             * Constructs a new GatewayMessage.
             * @memberof dualgate.v1
             * @classdesc Represents a GatewayMessage.
             * @constructor
             * @param {dualgate.v1.GatewayMessage.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GatewayMessage = function (properties) {
                this.groups = [];
                this.userIds = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GatewayMessage group.
             * @member {string} group
             * @memberof dualgate.v1.GatewayMessage
             * @instance
             */
            GatewayMessage.prototype.group = "";

            /**
             * GatewayMessage member.
             * @member {boolean} member
             * @memberof dualgate.v1.GatewayMessage
             * @instance
             */
            GatewayMessage.prototype.member = false;

            /**
             * GatewayMessage members.
             * @member {number} members
             * @memberof dualgate.v1.GatewayMessage
             * @instance
             */
            GatewayMessage.prototype.members = 0;

            /**
             * GatewayMessage groups.
             * @member {Array.<string>} groups
             * @memberof dualgate.v1.GatewayMessage
             * @instance
             */
            GatewayMessage.prototype.groups = $util.emptyArray;

            /**
             * GatewayMessage userIds.
             * @member {Array.<Long>} userIds
             * @memberof dualgate.v1.GatewayMessage
             * @instance
             */
            GatewayMessage.prototype.userIds = $util.emptyArray;

            /**
             * Creates a new GatewayMessage instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.GatewayMessage
             * @static
             * @param {dualgate.v1.GatewayMessage.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.GatewayMessage} GatewayMessage instance
             * @type {{
             *   (properties: dualgate.v1.GatewayMessage.$Shape): dualgate.v1.GatewayMessage & dualgate.v1.GatewayMessage.$Shape;
             *   (properties?: dualgate.v1.GatewayMessage.$Properties): dualgate.v1.GatewayMessage;
             * }}
             */
            GatewayMessage.create = function(properties) {
                return new GatewayMessage(properties);
            };

            /**
             * Encodes the specified GatewayMessage message. Does not implicitly {@link dualgate.v1.GatewayMessage.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.GatewayMessage
             * @static
             * @param {dualgate.v1.GatewayMessage.$Properties} message GatewayMessage message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GatewayMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.group != null && $Object.hasOwnProperty.call(message, "group") && message.group !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.group);
                if (message.member != null && $Object.hasOwnProperty.call(message, "member") && message.member !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.member);
                if (message.members != null && $Object.hasOwnProperty.call(message, "members") && message.members !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.members);
                if (message.groups != null && message.groups.length)
                    for (let i = 0; i < message.groups.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.groups[i]);
                if (message.userIds != null && message.userIds.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).int64s(message.userIds);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GatewayMessage message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.GatewayMessage
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.GatewayMessage & dualgate.v1.GatewayMessage.$Shape} GatewayMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GatewayMessage.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.GatewayMessage();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.group = value;
                            else
                                delete message.group;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.member = value;
                            else
                                delete message.member;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.members = value;
                            else
                                delete message.members;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.groups && message.groups.length))
                                message.groups = [];
                            message.groups.push(reader.stringVerify());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.userIds && message.userIds.length))
                                    message.userIds = [];
                                reader.int64s(message.userIds);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.userIds && message.userIds.length))
                                message.userIds = [];
                            message.userIds.push(reader.int64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return GatewayMessage;
        })();

        v1.Upstream = (function() {

            /**
             * Properties of an Upstream.
             * @typedef {Object} dualgate.v1.Upstream.$Properties
             * @property {string|null} [gatewayId] Upstream gatewayId
             * @property {string|null} [sessionId] Upstream sessionId
             * @property {Long|null} [userId] Upstream userId
             * @property {string|null} [transport] Upstream transport
             * @property {number|null} [seq] Upstream seq
             * @property {number|null} [route] Upstream route
             * @property {number|null} [msgId] Upstream msgId
             * @property {Long|null} [receivedAtMs] Upstream receivedAtMs
             * @property {string|null} [gameId] Upstream gameId
             * @property {Uint8Array|null} [payload] Upstream payload
             * @property {boolean|null} [latest] Upstream latest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Upstream.
             * @memberof dualgate.v1
             * @interface IUpstream
             * @augments dualgate.v1.Upstream.$Properties
             * @deprecated Use dualgate.v1.Upstream.$Properties instead.
             */

            /**
             * Shape of an Upstream.
             * @typedef {dualgate.v1.Upstream.$Properties} dualgate.v1.Upstream.$Shape
             */

            /**
             * Constructs a new Upstream.
             * @memberof dualgate.v1
             * @classdesc Represents an Upstream.
             * @constructor
             * @param {dualgate.v1.Upstream.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Upstream = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Upstream gatewayId.
             * @member {string} gatewayId
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.gatewayId = "";

            /**
             * Upstream sessionId.
             * @member {string} sessionId
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.sessionId = "";

            /**
             * Upstream userId.
             * @member {Long} userId
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.userId = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Upstream transport.
             * @member {string} transport
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.transport = "";

            /**
             * Upstream seq.
             * @member {number} seq
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.seq = 0;

            /**
             * Upstream route.
             * @member {number} route
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.route = 0;

            /**
             * Upstream msgId.
             * @member {number} msgId
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.msgId = 0;

            /**
             * Upstream receivedAtMs.
             * @member {Long} receivedAtMs
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.receivedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Upstream gameId.
             * @member {string} gameId
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.gameId = "";

            /**
             * Upstream payload.
             * @member {Uint8Array} payload
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.payload = $util.newBuffer([]);

            /**
             * Upstream latest.
             * @member {boolean} latest
             * @memberof dualgate.v1.Upstream
             * @instance
             */
            Upstream.prototype.latest = false;

            /**
             * Creates a new Upstream instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Upstream
             * @static
             * @param {dualgate.v1.Upstream.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Upstream} Upstream instance
             * @type {{
             *   (properties: dualgate.v1.Upstream.$Shape): dualgate.v1.Upstream & dualgate.v1.Upstream.$Shape;
             *   (properties?: dualgate.v1.Upstream.$Properties): dualgate.v1.Upstream;
             * }}
             */
            Upstream.create = function(properties) {
                return new Upstream(properties);
            };

            /**
             * Encodes the specified Upstream message. Does not implicitly {@link dualgate.v1.Upstream.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Upstream
             * @static
             * @param {dualgate.v1.Upstream.$Properties} message Upstream message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Upstream.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.gatewayId != null && $Object.hasOwnProperty.call(message, "gatewayId") && message.gatewayId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.gatewayId);
                if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId") && message.sessionId !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.sessionId);
                if (message.userId != null && $Object.hasOwnProperty.call(message, "userId") && (typeof message.userId === "object" ? message.userId.low || message.userId.high : message.userId !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.userId);
                if (message.transport != null && $Object.hasOwnProperty.call(message, "transport") && message.transport !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.transport);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && message.seq !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.seq);
                if (message.route != null && $Object.hasOwnProperty.call(message, "route") && message.route !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.route);
                if (message.msgId != null && $Object.hasOwnProperty.call(message, "msgId") && message.msgId !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.msgId);
                if (message.receivedAtMs != null && $Object.hasOwnProperty.call(message, "receivedAtMs") && (typeof message.receivedAtMs === "object" ? message.receivedAtMs.low || message.receivedAtMs.high : message.receivedAtMs !== 0))
                    writer.uint32(/* id 8, wireType 0 =*/64).int64(message.receivedAtMs);
                if (message.gameId != null && $Object.hasOwnProperty.call(message, "gameId") && message.gameId !== "")
                    writer.uint32(/* id 9, wireType 2 =*/74).string(message.gameId);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.payload);
                if (message.latest != null && $Object.hasOwnProperty.call(message, "latest") && message.latest !== false)
                    writer.uint32(/* id 11, wireType 0 =*/88).bool(message.latest);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Upstream message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Upstream
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Upstream & dualgate.v1.Upstream.$Shape} Upstream
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Upstream.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.Upstream();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gatewayId = value;
                            else
                                delete message.gatewayId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.sessionId = value;
                            else
                                delete message.sessionId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.userId = value;
                            else
                                delete message.userId;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.transport = value;
                            else
                                delete message.transport;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.route = value;
                            else
                                delete message.route;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.msgId = value;
                            else
                                delete message.msgId;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.receivedAtMs = value;
                            else
                                delete message.receivedAtMs;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gameId = value;
                            else
                                delete message.gameId;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.latest = value;
                            else
                                delete message.latest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Upstream;
        })();

        v1.UpstreamBatch = (function() {

            /**
             * Properties of an UpstreamBatch.
             * @typedef {Object} dualgate.v1.UpstreamBatch.$Properties
             * @property {Array.<dualgate.v1.Upstream.$Properties>|null} [messages] UpstreamBatch messages
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an UpstreamBatch.
             * @memberof dualgate.v1
             * @interface IUpstreamBatch
             * @augments dualgate.v1.UpstreamBatch.$Properties
             * @deprecated Use dualgate.v1.UpstreamBatch.$Properties instead.
             */

            /**
             * Shape of an UpstreamBatch.
             * @typedef {dualgate.v1.UpstreamBatch.$Properties} dualgate.v1.UpstreamBatch.$Shape
             */

            /**
             * Constructs a new UpstreamBatch.
             * @memberof dualgate.v1
             * @classdesc Represents an UpstreamBatch.
             * @constructor
             * @param {dualgate.v1.UpstreamBatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const UpstreamBatch = function (properties) {
                this.messages = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * UpstreamBatch messages.
             * @member {Array.<dualgate.v1.Upstream.$Properties>} messages
             * @memberof dualgate.v1.UpstreamBatch
             * @instance
             */
            UpstreamBatch.prototype.messages = $util.emptyArray;

            /**
             * Creates a new UpstreamBatch instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.UpstreamBatch
             * @static
             * @param {dualgate.v1.UpstreamBatch.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.UpstreamBatch} UpstreamBatch instance
             * @type {{
             *   (properties: dualgate.v1.UpstreamBatch.$Shape): dualgate.v1.UpstreamBatch & dualgate.v1.UpstreamBatch.$Shape;
             *   (properties?: dualgate.v1.UpstreamBatch.$Properties): dualgate.v1.UpstreamBatch;
             * }}
             */
            UpstreamBatch.create = function(properties) {
                return new UpstreamBatch(properties);
            };

            /**
             * Encodes the specified UpstreamBatch message. Does not implicitly {@link dualgate.v1.UpstreamBatch.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.UpstreamBatch
             * @static
             * @param {dualgate.v1.UpstreamBatch.$Properties} message UpstreamBatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            UpstreamBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.messages != null && message.messages.length)
                    for (let i = 0; i < message.messages.length; ++i)
                        $root.dualgate.v1.Upstream.encode(message.messages[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an UpstreamBatch message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.UpstreamBatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.UpstreamBatch & dualgate.v1.UpstreamBatch.$Shape} UpstreamBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            UpstreamBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.UpstreamBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.messages && message.messages.length))
                                message.messages = [];
                            message.messages.push($root.dualgate.v1.Upstream.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return UpstreamBatch;
        })();

        /**
         * Lane enum.
         * @name dualgate.v1.Lane
         * @enum {number}
         * @property {number} LANE_DEFAULT=0 LANE_DEFAULT value
         * @property {number} LANE_CRITICAL=1 LANE_CRITICAL value
         * @property {number} LANE_HIGH=2 LANE_HIGH value
         * @property {number} LANE_NORMAL=3 LANE_NORMAL value
         * @property {number} LANE_LOW=4 LANE_LOW value
         */
        v1.Lane = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "LANE_DEFAULT"] = 0;
            values[valuesById[1] = "LANE_CRITICAL"] = 1;
            values[valuesById[2] = "LANE_HIGH"] = 2;
            values[valuesById[3] = "LANE_NORMAL"] = 3;
            values[valuesById[4] = "LANE_LOW"] = 4;
            return values;
        })();

        v1.MessageBroadcast = (function() {

            /**
             * Properties of a MessageBroadcast.
             * @typedef {Object} dualgate.v1.MessageBroadcast.$Properties
             * @property {Array.<Long>|null} [targetUserIds] MessageBroadcast targetUserIds
             * @property {Array.<string>|null} [targetSessionIds] MessageBroadcast targetSessionIds
             * @property {string|null} [group] MessageBroadcast group
             * @property {boolean|null} [everyone] MessageBroadcast everyone
             * @property {Array.<string>|null} [excludeSessionIds] MessageBroadcast excludeSessionIds
             * @property {number|null} [route] MessageBroadcast route
             * @property {number|null} [msgId] MessageBroadcast msgId
             * @property {number|null} [seq] MessageBroadcast seq
             * @property {boolean|null} [response] MessageBroadcast response
             * @property {dualgate.v1.Lane|null} [lane] MessageBroadcast lane
             * @property {boolean|null} [latest] MessageBroadcast latest
             * @property {string|null} [conflationKey] MessageBroadcast conflationKey
             * @property {Uint8Array|null} [payload] MessageBroadcast payload
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a MessageBroadcast.
             * @memberof dualgate.v1
             * @interface IMessageBroadcast
             * @augments dualgate.v1.MessageBroadcast.$Properties
             * @deprecated Use dualgate.v1.MessageBroadcast.$Properties instead.
             */

            /**
             * Shape of a MessageBroadcast.
             * @typedef {dualgate.v1.MessageBroadcast.$Properties} dualgate.v1.MessageBroadcast.$Shape
             */

            /**
             * Constructs a new MessageBroadcast.
             * @memberof dualgate.v1
             * @classdesc Represents a MessageBroadcast.
             * @constructor
             * @param {dualgate.v1.MessageBroadcast.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const MessageBroadcast = function (properties) {
                this.targetUserIds = [];
                this.targetSessionIds = [];
                this.excludeSessionIds = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * MessageBroadcast targetUserIds.
             * @member {Array.<Long>} targetUserIds
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.targetUserIds = $util.emptyArray;

            /**
             * MessageBroadcast targetSessionIds.
             * @member {Array.<string>} targetSessionIds
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.targetSessionIds = $util.emptyArray;

            /**
             * MessageBroadcast group.
             * @member {string} group
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.group = "";

            /**
             * MessageBroadcast everyone.
             * @member {boolean} everyone
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.everyone = false;

            /**
             * MessageBroadcast excludeSessionIds.
             * @member {Array.<string>} excludeSessionIds
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.excludeSessionIds = $util.emptyArray;

            /**
             * MessageBroadcast route.
             * @member {number} route
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.route = 0;

            /**
             * MessageBroadcast msgId.
             * @member {number} msgId
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.msgId = 0;

            /**
             * MessageBroadcast seq.
             * @member {number} seq
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.seq = 0;

            /**
             * MessageBroadcast response.
             * @member {boolean} response
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.response = false;

            /**
             * MessageBroadcast lane.
             * @member {dualgate.v1.Lane} lane
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.lane = 0;

            /**
             * MessageBroadcast latest.
             * @member {boolean} latest
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.latest = false;

            /**
             * MessageBroadcast conflationKey.
             * @member {string} conflationKey
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.conflationKey = "";

            /**
             * MessageBroadcast payload.
             * @member {Uint8Array} payload
             * @memberof dualgate.v1.MessageBroadcast
             * @instance
             */
            MessageBroadcast.prototype.payload = $util.newBuffer([]);

            /**
             * Creates a new MessageBroadcast instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.MessageBroadcast
             * @static
             * @param {dualgate.v1.MessageBroadcast.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.MessageBroadcast} MessageBroadcast instance
             * @type {{
             *   (properties: dualgate.v1.MessageBroadcast.$Shape): dualgate.v1.MessageBroadcast & dualgate.v1.MessageBroadcast.$Shape;
             *   (properties?: dualgate.v1.MessageBroadcast.$Properties): dualgate.v1.MessageBroadcast;
             * }}
             */
            MessageBroadcast.create = function(properties) {
                return new MessageBroadcast(properties);
            };

            /**
             * Encodes the specified MessageBroadcast message. Does not implicitly {@link dualgate.v1.MessageBroadcast.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.MessageBroadcast
             * @static
             * @param {dualgate.v1.MessageBroadcast.$Properties} message MessageBroadcast message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            MessageBroadcast.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.targetUserIds != null && message.targetUserIds.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).int64s(message.targetUserIds);
                if (message.targetSessionIds != null && message.targetSessionIds.length)
                    for (let i = 0; i < message.targetSessionIds.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.targetSessionIds[i]);
                if (message.group != null && $Object.hasOwnProperty.call(message, "group") && message.group !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.group);
                if (message.everyone != null && $Object.hasOwnProperty.call(message, "everyone") && message.everyone !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.everyone);
                if (message.excludeSessionIds != null && message.excludeSessionIds.length)
                    for (let i = 0; i < message.excludeSessionIds.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.excludeSessionIds[i]);
                if (message.route != null && $Object.hasOwnProperty.call(message, "route") && message.route !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.route);
                if (message.msgId != null && $Object.hasOwnProperty.call(message, "msgId") && message.msgId !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.msgId);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && message.seq !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.seq);
                if (message.response != null && $Object.hasOwnProperty.call(message, "response") && message.response !== false)
                    writer.uint32(/* id 9, wireType 0 =*/72).bool(message.response);
                if (message.lane != null && $Object.hasOwnProperty.call(message, "lane") && message.lane !== 0)
                    writer.uint32(/* id 10, wireType 0 =*/80).int32(message.lane);
                if (message.latest != null && $Object.hasOwnProperty.call(message, "latest") && message.latest !== false)
                    writer.uint32(/* id 11, wireType 0 =*/88).bool(message.latest);
                if (message.conflationKey != null && $Object.hasOwnProperty.call(message, "conflationKey") && message.conflationKey !== "")
                    writer.uint32(/* id 12, wireType 2 =*/98).string(message.conflationKey);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 13, wireType 2 =*/106).bytes(message.payload);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a MessageBroadcast message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.MessageBroadcast
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.MessageBroadcast & dualgate.v1.MessageBroadcast.$Shape} MessageBroadcast
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            MessageBroadcast.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.MessageBroadcast();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.targetUserIds && message.targetUserIds.length))
                                    message.targetUserIds = [];
                                reader.int64s(message.targetUserIds);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.targetUserIds && message.targetUserIds.length))
                                message.targetUserIds = [];
                            message.targetUserIds.push(reader.int64());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.targetSessionIds && message.targetSessionIds.length))
                                message.targetSessionIds = [];
                            message.targetSessionIds.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.group = value;
                            else
                                delete message.group;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.everyone = value;
                            else
                                delete message.everyone;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.excludeSessionIds && message.excludeSessionIds.length))
                                message.excludeSessionIds = [];
                            message.excludeSessionIds.push(reader.stringVerify());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.route = value;
                            else
                                delete message.route;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.msgId = value;
                            else
                                delete message.msgId;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.response = value;
                            else
                                delete message.response;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.lane = value;
                            else
                                delete message.lane;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.latest = value;
                            else
                                delete message.latest;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.conflationKey = value;
                            else
                                delete message.conflationKey;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MessageBroadcast;
        })();

        v1.GroupChange = (function() {

            /**
             * Properties of a GroupChange.
             * @typedef {Object} dualgate.v1.GroupChange.$Properties
             * @property {string|null} [group] GroupChange group
             * @property {Array.<string>|null} [addSessionIds] GroupChange addSessionIds
             * @property {Array.<string>|null} [removeSessionIds] GroupChange removeSessionIds
             * @property {Array.<Long>|null} [addUserIds] GroupChange addUserIds
             * @property {Array.<Long>|null} [removeUserIds] GroupChange removeUserIds
             * @property {boolean|null} [dissolve] GroupChange dissolve
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GroupChange.
             * @memberof dualgate.v1
             * @interface IGroupChange
             * @augments dualgate.v1.GroupChange.$Properties
             * @deprecated Use dualgate.v1.GroupChange.$Properties instead.
             */

            /**
             * Shape of a GroupChange.
             * @typedef {dualgate.v1.GroupChange.$Properties} dualgate.v1.GroupChange.$Shape
             */

            /**
             * Constructs a new GroupChange.
             * @memberof dualgate.v1
             * @classdesc Represents a GroupChange.
             * @constructor
             * @param {dualgate.v1.GroupChange.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GroupChange = function (properties) {
                this.addSessionIds = [];
                this.removeSessionIds = [];
                this.addUserIds = [];
                this.removeUserIds = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GroupChange group.
             * @member {string} group
             * @memberof dualgate.v1.GroupChange
             * @instance
             */
            GroupChange.prototype.group = "";

            /**
             * GroupChange addSessionIds.
             * @member {Array.<string>} addSessionIds
             * @memberof dualgate.v1.GroupChange
             * @instance
             */
            GroupChange.prototype.addSessionIds = $util.emptyArray;

            /**
             * GroupChange removeSessionIds.
             * @member {Array.<string>} removeSessionIds
             * @memberof dualgate.v1.GroupChange
             * @instance
             */
            GroupChange.prototype.removeSessionIds = $util.emptyArray;

            /**
             * GroupChange addUserIds.
             * @member {Array.<Long>} addUserIds
             * @memberof dualgate.v1.GroupChange
             * @instance
             */
            GroupChange.prototype.addUserIds = $util.emptyArray;

            /**
             * GroupChange removeUserIds.
             * @member {Array.<Long>} removeUserIds
             * @memberof dualgate.v1.GroupChange
             * @instance
             */
            GroupChange.prototype.removeUserIds = $util.emptyArray;

            /**
             * GroupChange dissolve.
             * @member {boolean} dissolve
             * @memberof dualgate.v1.GroupChange
             * @instance
             */
            GroupChange.prototype.dissolve = false;

            /**
             * Creates a new GroupChange instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.GroupChange
             * @static
             * @param {dualgate.v1.GroupChange.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.GroupChange} GroupChange instance
             * @type {{
             *   (properties: dualgate.v1.GroupChange.$Shape): dualgate.v1.GroupChange & dualgate.v1.GroupChange.$Shape;
             *   (properties?: dualgate.v1.GroupChange.$Properties): dualgate.v1.GroupChange;
             * }}
             */
            GroupChange.create = function(properties) {
                return new GroupChange(properties);
            };

            /**
             * Encodes the specified GroupChange message. Does not implicitly {@link dualgate.v1.GroupChange.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.GroupChange
             * @static
             * @param {dualgate.v1.GroupChange.$Properties} message GroupChange message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GroupChange.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.group != null && $Object.hasOwnProperty.call(message, "group") && message.group !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.group);
                if (message.addSessionIds != null && message.addSessionIds.length)
                    for (let i = 0; i < message.addSessionIds.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.addSessionIds[i]);
                if (message.removeSessionIds != null && message.removeSessionIds.length)
                    for (let i = 0; i < message.removeSessionIds.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.removeSessionIds[i]);
                if (message.addUserIds != null && message.addUserIds.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).int64s(message.addUserIds);
                if (message.removeUserIds != null && message.removeUserIds.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).int64s(message.removeUserIds);
                if (message.dissolve != null && $Object.hasOwnProperty.call(message, "dissolve") && message.dissolve !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.dissolve);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GroupChange message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.GroupChange
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.GroupChange & dualgate.v1.GroupChange.$Shape} GroupChange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GroupChange.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.GroupChange();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.group = value;
                            else
                                delete message.group;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.addSessionIds && message.addSessionIds.length))
                                message.addSessionIds = [];
                            message.addSessionIds.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.removeSessionIds && message.removeSessionIds.length))
                                message.removeSessionIds = [];
                            message.removeSessionIds.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.addUserIds && message.addUserIds.length))
                                    message.addUserIds = [];
                                reader.int64s(message.addUserIds);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.addUserIds && message.addUserIds.length))
                                message.addUserIds = [];
                            message.addUserIds.push(reader.int64());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.removeUserIds && message.removeUserIds.length))
                                    message.removeUserIds = [];
                                reader.int64s(message.removeUserIds);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.removeUserIds && message.removeUserIds.length))
                                message.removeUserIds = [];
                            message.removeUserIds.push(reader.int64());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.dissolve = value;
                            else
                                delete message.dissolve;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return GroupChange;
        })();

        v1.DisconnectRequest = (function() {

            /**
             * Properties of a DisconnectRequest.
             * @typedef {Object} dualgate.v1.DisconnectRequest.$Properties
             * @property {Array.<string>|null} [sessionIds] DisconnectRequest sessionIds
             * @property {Array.<Long>|null} [userIds] DisconnectRequest userIds
             * @property {number|null} [code] DisconnectRequest code
             * @property {string|null} [reason] DisconnectRequest reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DisconnectRequest.
             * @memberof dualgate.v1
             * @interface IDisconnectRequest
             * @augments dualgate.v1.DisconnectRequest.$Properties
             * @deprecated Use dualgate.v1.DisconnectRequest.$Properties instead.
             */

            /**
             * Shape of a DisconnectRequest.
             * @typedef {dualgate.v1.DisconnectRequest.$Properties} dualgate.v1.DisconnectRequest.$Shape
             */

            /**
             * Constructs a new DisconnectRequest.
             * @memberof dualgate.v1
             * @classdesc Represents a DisconnectRequest.
             * @constructor
             * @param {dualgate.v1.DisconnectRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DisconnectRequest = function (properties) {
                this.sessionIds = [];
                this.userIds = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DisconnectRequest sessionIds.
             * @member {Array.<string>} sessionIds
             * @memberof dualgate.v1.DisconnectRequest
             * @instance
             */
            DisconnectRequest.prototype.sessionIds = $util.emptyArray;

            /**
             * DisconnectRequest userIds.
             * @member {Array.<Long>} userIds
             * @memberof dualgate.v1.DisconnectRequest
             * @instance
             */
            DisconnectRequest.prototype.userIds = $util.emptyArray;

            /**
             * DisconnectRequest code.
             * @member {number} code
             * @memberof dualgate.v1.DisconnectRequest
             * @instance
             */
            DisconnectRequest.prototype.code = 0;

            /**
             * DisconnectRequest reason.
             * @member {string} reason
             * @memberof dualgate.v1.DisconnectRequest
             * @instance
             */
            DisconnectRequest.prototype.reason = "";

            /**
             * Creates a new DisconnectRequest instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.DisconnectRequest
             * @static
             * @param {dualgate.v1.DisconnectRequest.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.DisconnectRequest} DisconnectRequest instance
             * @type {{
             *   (properties: dualgate.v1.DisconnectRequest.$Shape): dualgate.v1.DisconnectRequest & dualgate.v1.DisconnectRequest.$Shape;
             *   (properties?: dualgate.v1.DisconnectRequest.$Properties): dualgate.v1.DisconnectRequest;
             * }}
             */
            DisconnectRequest.create = function(properties) {
                return new DisconnectRequest(properties);
            };

            /**
             * Encodes the specified DisconnectRequest message. Does not implicitly {@link dualgate.v1.DisconnectRequest.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.DisconnectRequest
             * @static
             * @param {dualgate.v1.DisconnectRequest.$Properties} message DisconnectRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DisconnectRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sessionIds != null && message.sessionIds.length)
                    for (let i = 0; i < message.sessionIds.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.sessionIds[i]);
                if (message.userIds != null && message.userIds.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).int64s(message.userIds);
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.code);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DisconnectRequest message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.DisconnectRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.DisconnectRequest & dualgate.v1.DisconnectRequest.$Shape} DisconnectRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DisconnectRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.DisconnectRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sessionIds && message.sessionIds.length))
                                message.sessionIds = [];
                            message.sessionIds.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.userIds && message.userIds.length))
                                    message.userIds = [];
                                reader.int64s(message.userIds);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.userIds && message.userIds.length))
                                message.userIds = [];
                            message.userIds.push(reader.int64());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DisconnectRequest;
        })();

        v1.Downstream = (function() {

            /**
             * Properties of a Downstream.
             * @typedef {Object} dualgate.v1.Downstream.$Properties
             * @property {dualgate.v1.MessageBroadcast.$Properties|null} [message] Downstream message
             * @property {dualgate.v1.GroupChange.$Properties|null} [group] Downstream group
             * @property {dualgate.v1.DisconnectRequest.$Properties|null} [disconnect] Downstream disconnect
             * @property {"message"|"group"|"disconnect"} [body] Downstream body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Downstream.
             * @memberof dualgate.v1
             * @interface IDownstream
             * @augments dualgate.v1.Downstream.$Properties
             * @deprecated Use dualgate.v1.Downstream.$Properties instead.
             */

            /**
             * Narrowed shape of a Downstream.
             * @typedef {{
             *   message?: dualgate.v1.MessageBroadcast.$Shape|null;
             *   group?: dualgate.v1.GroupChange.$Shape|null;
             *   disconnect?: dualgate.v1.DisconnectRequest.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; message?: null; group?: null; disconnect?: null }|{ body?: "message"; message: dualgate.v1.MessageBroadcast.$Shape; group?: null; disconnect?: null }|{ body?: "group"; message?: null; group: dualgate.v1.GroupChange.$Shape; disconnect?: null }|{ body?: "disconnect"; message?: null; group?: null; disconnect: dualgate.v1.DisconnectRequest.$Shape })
             * )} dualgate.v1.Downstream.$Shape
             */

            /**
             * Constructs a new Downstream.
             * @memberof dualgate.v1
             * @classdesc Represents a Downstream.
             * @constructor
             * @param {dualgate.v1.Downstream.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Downstream = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Downstream message.
             * @member {dualgate.v1.MessageBroadcast.$Properties|null|undefined} message
             * @memberof dualgate.v1.Downstream
             * @instance
             */
            Downstream.prototype.message = null;

            /**
             * Downstream group.
             * @member {dualgate.v1.GroupChange.$Properties|null|undefined} group
             * @memberof dualgate.v1.Downstream
             * @instance
             */
            Downstream.prototype.group = null;

            /**
             * Downstream disconnect.
             * @member {dualgate.v1.DisconnectRequest.$Properties|null|undefined} disconnect
             * @memberof dualgate.v1.Downstream
             * @instance
             */
            Downstream.prototype.disconnect = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Downstream body.
             * @member {"message"|"group"|"disconnect"|undefined} body
             * @memberof dualgate.v1.Downstream
             * @instance
             */
            $Object.defineProperty(Downstream.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["message", "group", "disconnect"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new Downstream instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Downstream
             * @static
             * @param {dualgate.v1.Downstream.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Downstream} Downstream instance
             * @type {{
             *   (properties: dualgate.v1.Downstream.$Shape): dualgate.v1.Downstream & dualgate.v1.Downstream.$Shape;
             *   (properties?: dualgate.v1.Downstream.$Properties): dualgate.v1.Downstream;
             * }}
             */
            Downstream.create = function(properties) {
                return new Downstream(properties);
            };

            /**
             * Encodes the specified Downstream message. Does not implicitly {@link dualgate.v1.Downstream.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Downstream
             * @static
             * @param {dualgate.v1.Downstream.$Properties} message Downstream message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Downstream.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.message != null && $Object.hasOwnProperty.call(message, "message"))
                    $root.dualgate.v1.MessageBroadcast.encode(message.message, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.group != null && $Object.hasOwnProperty.call(message, "group"))
                    $root.dualgate.v1.GroupChange.encode(message.group, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.disconnect != null && $Object.hasOwnProperty.call(message, "disconnect"))
                    $root.dualgate.v1.DisconnectRequest.encode(message.disconnect, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Downstream message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Downstream
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Downstream & dualgate.v1.Downstream.$Shape} Downstream
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Downstream.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.Downstream();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.message = $root.dualgate.v1.MessageBroadcast.decode(reader, reader.size(), $undefined, _depth + 1, message.message);
                            message.body = "message";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.group = $root.dualgate.v1.GroupChange.decode(reader, reader.size(), $undefined, _depth + 1, message.group);
                            message.body = "group";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.disconnect = $root.dualgate.v1.DisconnectRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.disconnect);
                            message.body = "disconnect";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Downstream;
        })();

        v1.DownstreamBatch = (function() {

            /**
             * Properties of a DownstreamBatch.
             * @typedef {Object} dualgate.v1.DownstreamBatch.$Properties
             * @property {Array.<dualgate.v1.Downstream.$Properties>|null} [items] DownstreamBatch items
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DownstreamBatch.
             * @memberof dualgate.v1
             * @interface IDownstreamBatch
             * @augments dualgate.v1.DownstreamBatch.$Properties
             * @deprecated Use dualgate.v1.DownstreamBatch.$Properties instead.
             */

            /**
             * Shape of a DownstreamBatch.
             * @typedef {{
             *   items?: Array.<dualgate.v1.Downstream.$Shape>|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} dualgate.v1.DownstreamBatch.$Shape
             */

            /**
             * Constructs a new DownstreamBatch.
             * @memberof dualgate.v1
             * @classdesc Represents a DownstreamBatch.
             * @constructor
             * @param {dualgate.v1.DownstreamBatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DownstreamBatch = function (properties) {
                this.items = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DownstreamBatch items.
             * @member {Array.<dualgate.v1.Downstream.$Properties>} items
             * @memberof dualgate.v1.DownstreamBatch
             * @instance
             */
            DownstreamBatch.prototype.items = $util.emptyArray;

            /**
             * Creates a new DownstreamBatch instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.DownstreamBatch
             * @static
             * @param {dualgate.v1.DownstreamBatch.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.DownstreamBatch} DownstreamBatch instance
             * @type {{
             *   (properties: dualgate.v1.DownstreamBatch.$Shape): dualgate.v1.DownstreamBatch & dualgate.v1.DownstreamBatch.$Shape;
             *   (properties?: dualgate.v1.DownstreamBatch.$Properties): dualgate.v1.DownstreamBatch;
             * }}
             */
            DownstreamBatch.create = function(properties) {
                return new DownstreamBatch(properties);
            };

            /**
             * Encodes the specified DownstreamBatch message. Does not implicitly {@link dualgate.v1.DownstreamBatch.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.DownstreamBatch
             * @static
             * @param {dualgate.v1.DownstreamBatch.$Properties} message DownstreamBatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DownstreamBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.items != null && message.items.length)
                    for (let i = 0; i < message.items.length; ++i)
                        $root.dualgate.v1.Downstream.encode(message.items[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DownstreamBatch message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.DownstreamBatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.DownstreamBatch & dualgate.v1.DownstreamBatch.$Shape} DownstreamBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DownstreamBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.DownstreamBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.items && message.items.length))
                                message.items = [];
                            message.items.push($root.dualgate.v1.Downstream.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DownstreamBatch;
        })();

        v1.DeadLetter = (function() {

            /**
             * Properties of a DeadLetter.
             * @typedef {Object} dualgate.v1.DeadLetter.$Properties
             * @property {string|null} [topic] DeadLetter topic
             * @property {string|null} [reason] DeadLetter reason
             * @property {number|null} [attempts] DeadLetter attempts
             * @property {Long|null} [failedAtMs] DeadLetter failedAtMs
             * @property {string|null} [source] DeadLetter source
             * @property {Array.<Uint8Array>|null} [messages] DeadLetter messages
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeadLetter.
             * @memberof dualgate.v1
             * @interface IDeadLetter
             * @augments dualgate.v1.DeadLetter.$Properties
             * @deprecated Use dualgate.v1.DeadLetter.$Properties instead.
             */

            /**
             * Shape of a DeadLetter.
             * @typedef {dualgate.v1.DeadLetter.$Properties} dualgate.v1.DeadLetter.$Shape
             */

            /**
             * Constructs a new DeadLetter.
             * @memberof dualgate.v1
             * @classdesc Represents a DeadLetter.
             * @constructor
             * @param {dualgate.v1.DeadLetter.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeadLetter = function (properties) {
                this.messages = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeadLetter topic.
             * @member {string} topic
             * @memberof dualgate.v1.DeadLetter
             * @instance
             */
            DeadLetter.prototype.topic = "";

            /**
             * DeadLetter reason.
             * @member {string} reason
             * @memberof dualgate.v1.DeadLetter
             * @instance
             */
            DeadLetter.prototype.reason = "";

            /**
             * DeadLetter attempts.
             * @member {number} attempts
             * @memberof dualgate.v1.DeadLetter
             * @instance
             */
            DeadLetter.prototype.attempts = 0;

            /**
             * DeadLetter failedAtMs.
             * @member {Long} failedAtMs
             * @memberof dualgate.v1.DeadLetter
             * @instance
             */
            DeadLetter.prototype.failedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * DeadLetter source.
             * @member {string} source
             * @memberof dualgate.v1.DeadLetter
             * @instance
             */
            DeadLetter.prototype.source = "";

            /**
             * DeadLetter messages.
             * @member {Array.<Uint8Array>} messages
             * @memberof dualgate.v1.DeadLetter
             * @instance
             */
            DeadLetter.prototype.messages = $util.emptyArray;

            /**
             * Creates a new DeadLetter instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.DeadLetter
             * @static
             * @param {dualgate.v1.DeadLetter.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.DeadLetter} DeadLetter instance
             * @type {{
             *   (properties: dualgate.v1.DeadLetter.$Shape): dualgate.v1.DeadLetter & dualgate.v1.DeadLetter.$Shape;
             *   (properties?: dualgate.v1.DeadLetter.$Properties): dualgate.v1.DeadLetter;
             * }}
             */
            DeadLetter.create = function(properties) {
                return new DeadLetter(properties);
            };

            /**
             * Encodes the specified DeadLetter message. Does not implicitly {@link dualgate.v1.DeadLetter.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.DeadLetter
             * @static
             * @param {dualgate.v1.DeadLetter.$Properties} message DeadLetter message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeadLetter.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.topic);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.reason);
                if (message.attempts != null && $Object.hasOwnProperty.call(message, "attempts") && message.attempts !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.attempts);
                if (message.failedAtMs != null && $Object.hasOwnProperty.call(message, "failedAtMs") && (typeof message.failedAtMs === "object" ? message.failedAtMs.low || message.failedAtMs.high : message.failedAtMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.failedAtMs);
                if (message.source != null && $Object.hasOwnProperty.call(message, "source") && message.source !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.source);
                if (message.messages != null && message.messages.length)
                    for (let i = 0; i < message.messages.length; ++i)
                        writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.messages[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeadLetter message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.DeadLetter
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.DeadLetter & dualgate.v1.DeadLetter.$Shape} DeadLetter
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeadLetter.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.DeadLetter();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.attempts = value;
                            else
                                delete message.attempts;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.failedAtMs = value;
                            else
                                delete message.failedAtMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.source = value;
                            else
                                delete message.source;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.messages && message.messages.length))
                                message.messages = [];
                            message.messages.push(reader.bytes());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DeadLetter;
        })();

        v1.ChatResponse = (function() {

            /**
             * Properties of a ChatResponse.
             * @typedef {Object} dualgate.v1.ChatResponse.$Properties
             * @property {Long|null} [targetUserId] ChatResponse targetUserId
             * @property {Uint8Array|null} [rest] ChatResponse rest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ChatResponse.
             * @memberof dualgate.v1
             * @interface IChatResponse
             * @augments dualgate.v1.ChatResponse.$Properties
             * @deprecated Use dualgate.v1.ChatResponse.$Properties instead.
             */

            /**
             * Shape of a ChatResponse.
             * @typedef {dualgate.v1.ChatResponse.$Properties} dualgate.v1.ChatResponse.$Shape
             */

            /**
             * Constructs a new ChatResponse.
             * @memberof dualgate.v1
             * @classdesc Represents a ChatResponse.
             * @constructor
             * @param {dualgate.v1.ChatResponse.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ChatResponse = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ChatResponse targetUserId.
             * @member {Long} targetUserId
             * @memberof dualgate.v1.ChatResponse
             * @instance
             */
            ChatResponse.prototype.targetUserId = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * ChatResponse rest.
             * @member {Uint8Array} rest
             * @memberof dualgate.v1.ChatResponse
             * @instance
             */
            ChatResponse.prototype.rest = $util.newBuffer([]);

            /**
             * Creates a new ChatResponse instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.ChatResponse
             * @static
             * @param {dualgate.v1.ChatResponse.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.ChatResponse} ChatResponse instance
             * @type {{
             *   (properties: dualgate.v1.ChatResponse.$Shape): dualgate.v1.ChatResponse & dualgate.v1.ChatResponse.$Shape;
             *   (properties?: dualgate.v1.ChatResponse.$Properties): dualgate.v1.ChatResponse;
             * }}
             */
            ChatResponse.create = function(properties) {
                return new ChatResponse(properties);
            };

            /**
             * Encodes the specified ChatResponse message. Does not implicitly {@link dualgate.v1.ChatResponse.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.ChatResponse
             * @static
             * @param {dualgate.v1.ChatResponse.$Properties} message ChatResponse message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ChatResponse.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.targetUserId != null && $Object.hasOwnProperty.call(message, "targetUserId") && (typeof message.targetUserId === "object" ? message.targetUserId.low || message.targetUserId.high : message.targetUserId !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.targetUserId);
                if (message.rest != null && $Object.hasOwnProperty.call(message, "rest") && message.rest.length)
                    writer.uint32(/* id 15, wireType 2 =*/122).bytes(message.rest);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ChatResponse message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.ChatResponse
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.ChatResponse & dualgate.v1.ChatResponse.$Shape} ChatResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ChatResponse.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.dualgate.v1.ChatResponse();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.targetUserId = value;
                            else
                                delete message.targetUserId;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.rest = value;
                            else
                                delete message.rest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ChatResponse;
        })();

        return v1;
    })();

    return dualgate;
})();

export {
  $root as default
};
