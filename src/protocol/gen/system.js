/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["system"] || ($protobuf.roots["system"] = {});

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

        v1.Hello = (function() {

            /**
             * Properties of a Hello.
             * @typedef {Object} dualgate.v1.Hello.$Properties
             * @property {number|null} [protocol] Hello protocol
             * @property {string|null} [token] Hello token
             * @property {string|null} [resumeToken] Hello resumeToken
             * @property {number|null} [received] Hello received
             * @property {string|null} [device] Hello device
             * @property {string|null} [client] Hello client
             * @property {boolean|null} [batch] Hello batch
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Hello.
             * @memberof dualgate.v1
             * @interface IHello
             * @augments dualgate.v1.Hello.$Properties
             * @deprecated Use dualgate.v1.Hello.$Properties instead.
             */

            /**
             * Shape of a Hello.
             * @typedef {dualgate.v1.Hello.$Properties} dualgate.v1.Hello.$Shape
             */

            /**
             * Constructs a new Hello.
             * @memberof dualgate.v1
             * @classdesc Represents a Hello.
             * @constructor
             * @param {dualgate.v1.Hello.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Hello = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Hello protocol.
             * @member {number} protocol
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.protocol = 0;

            /**
             * Hello token.
             * @member {string} token
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.token = "";

            /**
             * Hello resumeToken.
             * @member {string} resumeToken
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.resumeToken = "";

            /**
             * Hello received.
             * @member {number} received
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.received = 0;

            /**
             * Hello device.
             * @member {string} device
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.device = "";

            /**
             * Hello client.
             * @member {string} client
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.client = "";

            /**
             * Hello batch.
             * @member {boolean} batch
             * @memberof dualgate.v1.Hello
             * @instance
             */
            Hello.prototype.batch = false;

            /**
             * Creates a new Hello instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Hello
             * @static
             * @param {dualgate.v1.Hello.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Hello} Hello instance
             * @type {{
             *   (properties: dualgate.v1.Hello.$Shape): dualgate.v1.Hello & dualgate.v1.Hello.$Shape;
             *   (properties?: dualgate.v1.Hello.$Properties): dualgate.v1.Hello;
             * }}
             */
            Hello.create = function(properties) {
                return new Hello(properties);
            };

            /**
             * Encodes the specified Hello message. Does not implicitly {@link dualgate.v1.Hello.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Hello
             * @static
             * @param {dualgate.v1.Hello.$Properties} message Hello message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Hello.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.protocol);
                if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.token);
                if (message.resumeToken != null && $Object.hasOwnProperty.call(message, "resumeToken") && message.resumeToken !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.resumeToken);
                if (message.received != null && $Object.hasOwnProperty.call(message, "received") && message.received !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.received);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.device);
                if (message.client != null && $Object.hasOwnProperty.call(message, "client") && message.client !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.client);
                if (message.batch != null && $Object.hasOwnProperty.call(message, "batch") && message.batch !== false)
                    writer.uint32(/* id 7, wireType 0 =*/56).bool(message.batch);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Hello message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Hello
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Hello & dualgate.v1.Hello.$Shape} Hello
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Hello.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Hello();
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
                            if (value = reader.uint32())
                                message.protocol = value;
                            else
                                delete message.protocol;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.token = value;
                            else
                                delete message.token;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resumeToken = value;
                            else
                                delete message.resumeToken;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.received = value;
                            else
                                delete message.received;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.client = value;
                            else
                                delete message.client;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.batch = value;
                            else
                                delete message.batch;
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

            return Hello;
        })();

        v1.Welcome = (function() {

            /**
             * Properties of a Welcome.
             * @typedef {Object} dualgate.v1.Welcome.$Properties
             * @property {string|null} [sessionId] Welcome sessionId
             * @property {string|null} [resumeToken] Welcome resumeToken
             * @property {number|null} [epoch] Welcome epoch
             * @property {boolean|null} [recovered] Welcome recovered
             * @property {number|null} [replayed] Welcome replayed
             * @property {number|null} [accepted] Welcome accepted
             * @property {number|null} [heartbeatIntervalMs] Welcome heartbeatIntervalMs
             * @property {number|null} [frameBytesMax] Welcome frameBytesMax
             * @property {number|null} [datagramBytesMax] Welcome datagramBytesMax
             * @property {string|null} [gatewayId] Welcome gatewayId
             * @property {Long|null} [userId] Welcome userId
             * @property {Long|null} [serverTimeMs] Welcome serverTimeMs
             * @property {Long|null} [expiresAtMs] Welcome expiresAtMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Welcome.
             * @memberof dualgate.v1
             * @interface IWelcome
             * @augments dualgate.v1.Welcome.$Properties
             * @deprecated Use dualgate.v1.Welcome.$Properties instead.
             */

            /**
             * Shape of a Welcome.
             * @typedef {dualgate.v1.Welcome.$Properties} dualgate.v1.Welcome.$Shape
             */

            /**
             * Constructs a new Welcome.
             * @memberof dualgate.v1
             * @classdesc Represents a Welcome.
             * @constructor
             * @param {dualgate.v1.Welcome.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Welcome = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Welcome sessionId.
             * @member {string} sessionId
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.sessionId = "";

            /**
             * Welcome resumeToken.
             * @member {string} resumeToken
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.resumeToken = "";

            /**
             * Welcome epoch.
             * @member {number} epoch
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.epoch = 0;

            /**
             * Welcome recovered.
             * @member {boolean} recovered
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.recovered = false;

            /**
             * Welcome replayed.
             * @member {number} replayed
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.replayed = 0;

            /**
             * Welcome accepted.
             * @member {number} accepted
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.accepted = 0;

            /**
             * Welcome heartbeatIntervalMs.
             * @member {number} heartbeatIntervalMs
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.heartbeatIntervalMs = 0;

            /**
             * Welcome frameBytesMax.
             * @member {number} frameBytesMax
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.frameBytesMax = 0;

            /**
             * Welcome datagramBytesMax.
             * @member {number} datagramBytesMax
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.datagramBytesMax = 0;

            /**
             * Welcome gatewayId.
             * @member {string} gatewayId
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.gatewayId = "";

            /**
             * Welcome userId.
             * @member {Long} userId
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.userId = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Welcome serverTimeMs.
             * @member {Long} serverTimeMs
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.serverTimeMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Welcome expiresAtMs.
             * @member {Long} expiresAtMs
             * @memberof dualgate.v1.Welcome
             * @instance
             */
            Welcome.prototype.expiresAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Creates a new Welcome instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Welcome
             * @static
             * @param {dualgate.v1.Welcome.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Welcome} Welcome instance
             * @type {{
             *   (properties: dualgate.v1.Welcome.$Shape): dualgate.v1.Welcome & dualgate.v1.Welcome.$Shape;
             *   (properties?: dualgate.v1.Welcome.$Properties): dualgate.v1.Welcome;
             * }}
             */
            Welcome.create = function(properties) {
                return new Welcome(properties);
            };

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link dualgate.v1.Welcome.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Welcome
             * @static
             * @param {dualgate.v1.Welcome.$Properties} message Welcome message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Welcome.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sessionId != null && $Object.hasOwnProperty.call(message, "sessionId") && message.sessionId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.sessionId);
                if (message.resumeToken != null && $Object.hasOwnProperty.call(message, "resumeToken") && message.resumeToken !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.resumeToken);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.epoch);
                if (message.recovered != null && $Object.hasOwnProperty.call(message, "recovered") && message.recovered !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.recovered);
                if (message.replayed != null && $Object.hasOwnProperty.call(message, "replayed") && message.replayed !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.replayed);
                if (message.accepted != null && $Object.hasOwnProperty.call(message, "accepted") && message.accepted !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.accepted);
                if (message.heartbeatIntervalMs != null && $Object.hasOwnProperty.call(message, "heartbeatIntervalMs") && message.heartbeatIntervalMs !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.heartbeatIntervalMs);
                if (message.frameBytesMax != null && $Object.hasOwnProperty.call(message, "frameBytesMax") && message.frameBytesMax !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.frameBytesMax);
                if (message.datagramBytesMax != null && $Object.hasOwnProperty.call(message, "datagramBytesMax") && message.datagramBytesMax !== 0)
                    writer.uint32(/* id 9, wireType 0 =*/72).uint32(message.datagramBytesMax);
                if (message.gatewayId != null && $Object.hasOwnProperty.call(message, "gatewayId") && message.gatewayId !== "")
                    writer.uint32(/* id 10, wireType 2 =*/82).string(message.gatewayId);
                if (message.userId != null && $Object.hasOwnProperty.call(message, "userId") && (typeof message.userId === "object" ? message.userId.low || message.userId.high : message.userId !== 0))
                    writer.uint32(/* id 11, wireType 0 =*/88).int64(message.userId);
                if (message.serverTimeMs != null && $Object.hasOwnProperty.call(message, "serverTimeMs") && (typeof message.serverTimeMs === "object" ? message.serverTimeMs.low || message.serverTimeMs.high : message.serverTimeMs !== 0))
                    writer.uint32(/* id 12, wireType 0 =*/96).int64(message.serverTimeMs);
                if (message.expiresAtMs != null && $Object.hasOwnProperty.call(message, "expiresAtMs") && (typeof message.expiresAtMs === "object" ? message.expiresAtMs.low || message.expiresAtMs.high : message.expiresAtMs !== 0))
                    writer.uint32(/* id 13, wireType 0 =*/104).int64(message.expiresAtMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Welcome
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Welcome & dualgate.v1.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Welcome.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Welcome();
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
                                message.sessionId = value;
                            else
                                delete message.sessionId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resumeToken = value;
                            else
                                delete message.resumeToken;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.recovered = value;
                            else
                                delete message.recovered;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.replayed = value;
                            else
                                delete message.replayed;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.accepted = value;
                            else
                                delete message.accepted;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.heartbeatIntervalMs = value;
                            else
                                delete message.heartbeatIntervalMs;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.frameBytesMax = value;
                            else
                                delete message.frameBytesMax;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.datagramBytesMax = value;
                            else
                                delete message.datagramBytesMax;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gatewayId = value;
                            else
                                delete message.gatewayId;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.userId = value;
                            else
                                delete message.userId;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.serverTimeMs = value;
                            else
                                delete message.serverTimeMs;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAtMs = value;
                            else
                                delete message.expiresAtMs;
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

            return Welcome;
        })();

        v1.Ping = (function() {

            /**
             * Properties of a Ping.
             * @typedef {Object} dualgate.v1.Ping.$Properties
             * @property {Long|null} [sentAtMs] Ping sentAtMs
             * @property {number|null} [received] Ping received
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Ping.
             * @memberof dualgate.v1
             * @interface IPing
             * @augments dualgate.v1.Ping.$Properties
             * @deprecated Use dualgate.v1.Ping.$Properties instead.
             */

            /**
             * Shape of a Ping.
             * @typedef {dualgate.v1.Ping.$Properties} dualgate.v1.Ping.$Shape
             */

            /**
             * Constructs a new Ping.
             * @memberof dualgate.v1
             * @classdesc Represents a Ping.
             * @constructor
             * @param {dualgate.v1.Ping.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Ping = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Ping sentAtMs.
             * @member {Long} sentAtMs
             * @memberof dualgate.v1.Ping
             * @instance
             */
            Ping.prototype.sentAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Ping received.
             * @member {number} received
             * @memberof dualgate.v1.Ping
             * @instance
             */
            Ping.prototype.received = 0;

            /**
             * Creates a new Ping instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Ping
             * @static
             * @param {dualgate.v1.Ping.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Ping} Ping instance
             * @type {{
             *   (properties: dualgate.v1.Ping.$Shape): dualgate.v1.Ping & dualgate.v1.Ping.$Shape;
             *   (properties?: dualgate.v1.Ping.$Properties): dualgate.v1.Ping;
             * }}
             */
            Ping.create = function(properties) {
                return new Ping(properties);
            };

            /**
             * Encodes the specified Ping message. Does not implicitly {@link dualgate.v1.Ping.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Ping
             * @static
             * @param {dualgate.v1.Ping.$Properties} message Ping message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Ping.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sentAtMs != null && $Object.hasOwnProperty.call(message, "sentAtMs") && (typeof message.sentAtMs === "object" ? message.sentAtMs.low || message.sentAtMs.high : message.sentAtMs !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.sentAtMs);
                if (message.received != null && $Object.hasOwnProperty.call(message, "received") && message.received !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.received);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Ping message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Ping
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Ping & dualgate.v1.Ping.$Shape} Ping
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Ping.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Ping();
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
                                message.sentAtMs = value;
                            else
                                delete message.sentAtMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.received = value;
                            else
                                delete message.received;
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

            return Ping;
        })();

        v1.Pong = (function() {

            /**
             * Properties of a Pong.
             * @typedef {Object} dualgate.v1.Pong.$Properties
             * @property {Long|null} [sentAtMs] Pong sentAtMs
             * @property {Long|null} [serverTimeMs] Pong serverTimeMs
             * @property {number|null} [received] Pong received
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Pong.
             * @memberof dualgate.v1
             * @interface IPong
             * @augments dualgate.v1.Pong.$Properties
             * @deprecated Use dualgate.v1.Pong.$Properties instead.
             */

            /**
             * Shape of a Pong.
             * @typedef {dualgate.v1.Pong.$Properties} dualgate.v1.Pong.$Shape
             */

            /**
             * Constructs a new Pong.
             * @memberof dualgate.v1
             * @classdesc Represents a Pong.
             * @constructor
             * @param {dualgate.v1.Pong.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Pong = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Pong sentAtMs.
             * @member {Long} sentAtMs
             * @memberof dualgate.v1.Pong
             * @instance
             */
            Pong.prototype.sentAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Pong serverTimeMs.
             * @member {Long} serverTimeMs
             * @memberof dualgate.v1.Pong
             * @instance
             */
            Pong.prototype.serverTimeMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Pong received.
             * @member {number} received
             * @memberof dualgate.v1.Pong
             * @instance
             */
            Pong.prototype.received = 0;

            /**
             * Creates a new Pong instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Pong
             * @static
             * @param {dualgate.v1.Pong.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Pong} Pong instance
             * @type {{
             *   (properties: dualgate.v1.Pong.$Shape): dualgate.v1.Pong & dualgate.v1.Pong.$Shape;
             *   (properties?: dualgate.v1.Pong.$Properties): dualgate.v1.Pong;
             * }}
             */
            Pong.create = function(properties) {
                return new Pong(properties);
            };

            /**
             * Encodes the specified Pong message. Does not implicitly {@link dualgate.v1.Pong.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Pong
             * @static
             * @param {dualgate.v1.Pong.$Properties} message Pong message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Pong.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.sentAtMs != null && $Object.hasOwnProperty.call(message, "sentAtMs") && (typeof message.sentAtMs === "object" ? message.sentAtMs.low || message.sentAtMs.high : message.sentAtMs !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.sentAtMs);
                if (message.serverTimeMs != null && $Object.hasOwnProperty.call(message, "serverTimeMs") && (typeof message.serverTimeMs === "object" ? message.serverTimeMs.low || message.serverTimeMs.high : message.serverTimeMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.serverTimeMs);
                if (message.received != null && $Object.hasOwnProperty.call(message, "received") && message.received !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.received);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Pong message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Pong
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Pong & dualgate.v1.Pong.$Shape} Pong
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Pong.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Pong();
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
                                message.sentAtMs = value;
                            else
                                delete message.sentAtMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.serverTimeMs = value;
                            else
                                delete message.serverTimeMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.received = value;
                            else
                                delete message.received;
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

            return Pong;
        })();

        v1.GoAway = (function() {

            /**
             * Properties of a GoAway.
             * @typedef {Object} dualgate.v1.GoAway.$Properties
             * @property {number|null} [spreadMs] GoAway spreadMs
             * @property {number|null} [deadlineMs] GoAway deadlineMs
             * @property {string|null} [reason] GoAway reason
             * @property {string|null} [reconnectUrl] GoAway reconnectUrl
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GoAway.
             * @memberof dualgate.v1
             * @interface IGoAway
             * @augments dualgate.v1.GoAway.$Properties
             * @deprecated Use dualgate.v1.GoAway.$Properties instead.
             */

            /**
             * Shape of a GoAway.
             * @typedef {dualgate.v1.GoAway.$Properties} dualgate.v1.GoAway.$Shape
             */

            /**
             * Constructs a new GoAway.
             * @memberof dualgate.v1
             * @classdesc Represents a GoAway.
             * @constructor
             * @param {dualgate.v1.GoAway.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GoAway = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GoAway spreadMs.
             * @member {number} spreadMs
             * @memberof dualgate.v1.GoAway
             * @instance
             */
            GoAway.prototype.spreadMs = 0;

            /**
             * GoAway deadlineMs.
             * @member {number} deadlineMs
             * @memberof dualgate.v1.GoAway
             * @instance
             */
            GoAway.prototype.deadlineMs = 0;

            /**
             * GoAway reason.
             * @member {string} reason
             * @memberof dualgate.v1.GoAway
             * @instance
             */
            GoAway.prototype.reason = "";

            /**
             * GoAway reconnectUrl.
             * @member {string} reconnectUrl
             * @memberof dualgate.v1.GoAway
             * @instance
             */
            GoAway.prototype.reconnectUrl = "";

            /**
             * Creates a new GoAway instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.GoAway
             * @static
             * @param {dualgate.v1.GoAway.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.GoAway} GoAway instance
             * @type {{
             *   (properties: dualgate.v1.GoAway.$Shape): dualgate.v1.GoAway & dualgate.v1.GoAway.$Shape;
             *   (properties?: dualgate.v1.GoAway.$Properties): dualgate.v1.GoAway;
             * }}
             */
            GoAway.create = function(properties) {
                return new GoAway(properties);
            };

            /**
             * Encodes the specified GoAway message. Does not implicitly {@link dualgate.v1.GoAway.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.GoAway
             * @static
             * @param {dualgate.v1.GoAway.$Properties} message GoAway message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GoAway.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.spreadMs != null && $Object.hasOwnProperty.call(message, "spreadMs") && message.spreadMs !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.spreadMs);
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs") && message.deadlineMs !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.deadlineMs);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.reconnectUrl != null && $Object.hasOwnProperty.call(message, "reconnectUrl") && message.reconnectUrl !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.reconnectUrl);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GoAway message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.GoAway
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.GoAway & dualgate.v1.GoAway.$Shape} GoAway
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GoAway.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.GoAway();
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
                            if (value = reader.uint32())
                                message.spreadMs = value;
                            else
                                delete message.spreadMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.deadlineMs = value;
                            else
                                delete message.deadlineMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reconnectUrl = value;
                            else
                                delete message.reconnectUrl;
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

            return GoAway;
        })();

        v1.Error = (function() {

            /**
             * Properties of an Error.
             * @typedef {Object} dualgate.v1.Error.$Properties
             * @property {string|null} [code] Error code
             * @property {string|null} [message] Error message
             * @property {number|null} [retryAfterMs] Error retryAfterMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Error.
             * @memberof dualgate.v1
             * @interface IError
             * @augments dualgate.v1.Error.$Properties
             * @deprecated Use dualgate.v1.Error.$Properties instead.
             */

            /**
             * Shape of an Error.
             * @typedef {dualgate.v1.Error.$Properties} dualgate.v1.Error.$Shape
             */

            /**
             * Constructs a new Error.
             * @memberof dualgate.v1
             * @classdesc Represents an Error.
             * @constructor
             * @param {dualgate.v1.Error.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Error = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Error code.
             * @member {string} code
             * @memberof dualgate.v1.Error
             * @instance
             */
            Error.prototype.code = "";

            /**
             * Error message.
             * @member {string} message
             * @memberof dualgate.v1.Error
             * @instance
             */
            Error.prototype.message = "";

            /**
             * Error retryAfterMs.
             * @member {number} retryAfterMs
             * @memberof dualgate.v1.Error
             * @instance
             */
            Error.prototype.retryAfterMs = 0;

            /**
             * Creates a new Error instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Error
             * @static
             * @param {dualgate.v1.Error.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Error} Error instance
             * @type {{
             *   (properties: dualgate.v1.Error.$Shape): dualgate.v1.Error & dualgate.v1.Error.$Shape;
             *   (properties?: dualgate.v1.Error.$Properties): dualgate.v1.Error;
             * }}
             */
            Error.create = function(properties) {
                return new Error(properties);
            };

            /**
             * Encodes the specified Error message. Does not implicitly {@link dualgate.v1.Error.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Error
             * @static
             * @param {dualgate.v1.Error.$Properties} message Error message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Error.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
                if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
                if (message.retryAfterMs != null && $Object.hasOwnProperty.call(message, "retryAfterMs") && message.retryAfterMs !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.retryAfterMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Error message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Error
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Error & dualgate.v1.Error.$Shape} Error
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Error.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Error();
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
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.message = value;
                            else
                                delete message.message;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.retryAfterMs = value;
                            else
                                delete message.retryAfterMs;
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

            return Error;
        })();

        v1.AuthLogin = (function() {

            /**
             * Properties of an AuthLogin.
             * @typedef {Object} dualgate.v1.AuthLogin.$Properties
             * @property {string|null} [token] AuthLogin token
             * @property {string|null} [username] AuthLogin username
             * @property {string|null} [password] AuthLogin password
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthLogin.
             * @memberof dualgate.v1
             * @interface IAuthLogin
             * @augments dualgate.v1.AuthLogin.$Properties
             * @deprecated Use dualgate.v1.AuthLogin.$Properties instead.
             */

            /**
             * Shape of an AuthLogin.
             * @typedef {dualgate.v1.AuthLogin.$Properties} dualgate.v1.AuthLogin.$Shape
             */

            /**
             * Constructs a new AuthLogin.
             * @memberof dualgate.v1
             * @classdesc Represents an AuthLogin.
             * @constructor
             * @param {dualgate.v1.AuthLogin.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthLogin = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthLogin token.
             * @member {string} token
             * @memberof dualgate.v1.AuthLogin
             * @instance
             */
            AuthLogin.prototype.token = "";

            /**
             * AuthLogin username.
             * @member {string} username
             * @memberof dualgate.v1.AuthLogin
             * @instance
             */
            AuthLogin.prototype.username = "";

            /**
             * AuthLogin password.
             * @member {string} password
             * @memberof dualgate.v1.AuthLogin
             * @instance
             */
            AuthLogin.prototype.password = "";

            /**
             * Creates a new AuthLogin instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.AuthLogin
             * @static
             * @param {dualgate.v1.AuthLogin.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.AuthLogin} AuthLogin instance
             * @type {{
             *   (properties: dualgate.v1.AuthLogin.$Shape): dualgate.v1.AuthLogin & dualgate.v1.AuthLogin.$Shape;
             *   (properties?: dualgate.v1.AuthLogin.$Properties): dualgate.v1.AuthLogin;
             * }}
             */
            AuthLogin.create = function(properties) {
                return new AuthLogin(properties);
            };

            /**
             * Encodes the specified AuthLogin message. Does not implicitly {@link dualgate.v1.AuthLogin.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.AuthLogin
             * @static
             * @param {dualgate.v1.AuthLogin.$Properties} message AuthLogin message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthLogin.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.token);
                if (message.username != null && $Object.hasOwnProperty.call(message, "username") && message.username !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.username);
                if (message.password != null && $Object.hasOwnProperty.call(message, "password") && message.password !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.password);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthLogin message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.AuthLogin
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthLogin & dualgate.v1.AuthLogin.$Shape} AuthLogin
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthLogin.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.AuthLogin();
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
                                message.token = value;
                            else
                                delete message.token;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.username = value;
                            else
                                delete message.username;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.password = value;
                            else
                                delete message.password;
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

            return AuthLogin;
        })();

        v1.AuthRefresh = (function() {

            /**
             * Properties of an AuthRefresh.
             * @typedef {Object} dualgate.v1.AuthRefresh.$Properties
             * @property {string|null} [refreshToken] AuthRefresh refreshToken
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthRefresh.
             * @memberof dualgate.v1
             * @interface IAuthRefresh
             * @augments dualgate.v1.AuthRefresh.$Properties
             * @deprecated Use dualgate.v1.AuthRefresh.$Properties instead.
             */

            /**
             * Shape of an AuthRefresh.
             * @typedef {dualgate.v1.AuthRefresh.$Properties} dualgate.v1.AuthRefresh.$Shape
             */

            /**
             * Constructs a new AuthRefresh.
             * @memberof dualgate.v1
             * @classdesc Represents an AuthRefresh.
             * @constructor
             * @param {dualgate.v1.AuthRefresh.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthRefresh = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthRefresh refreshToken.
             * @member {string} refreshToken
             * @memberof dualgate.v1.AuthRefresh
             * @instance
             */
            AuthRefresh.prototype.refreshToken = "";

            /**
             * Creates a new AuthRefresh instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.AuthRefresh
             * @static
             * @param {dualgate.v1.AuthRefresh.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.AuthRefresh} AuthRefresh instance
             * @type {{
             *   (properties: dualgate.v1.AuthRefresh.$Shape): dualgate.v1.AuthRefresh & dualgate.v1.AuthRefresh.$Shape;
             *   (properties?: dualgate.v1.AuthRefresh.$Properties): dualgate.v1.AuthRefresh;
             * }}
             */
            AuthRefresh.create = function(properties) {
                return new AuthRefresh(properties);
            };

            /**
             * Encodes the specified AuthRefresh message. Does not implicitly {@link dualgate.v1.AuthRefresh.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.AuthRefresh
             * @static
             * @param {dualgate.v1.AuthRefresh.$Properties} message AuthRefresh message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthRefresh.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.refreshToken != null && $Object.hasOwnProperty.call(message, "refreshToken") && message.refreshToken !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.refreshToken);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthRefresh message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.AuthRefresh
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthRefresh & dualgate.v1.AuthRefresh.$Shape} AuthRefresh
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthRefresh.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.AuthRefresh();
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
                                message.refreshToken = value;
                            else
                                delete message.refreshToken;
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

            return AuthRefresh;
        })();

        v1.AuthLogout = (function() {

            /**
             * Properties of an AuthLogout.
             * @typedef {Object} dualgate.v1.AuthLogout.$Properties
             * @property {boolean|null} [everywhere] AuthLogout everywhere
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthLogout.
             * @memberof dualgate.v1
             * @interface IAuthLogout
             * @augments dualgate.v1.AuthLogout.$Properties
             * @deprecated Use dualgate.v1.AuthLogout.$Properties instead.
             */

            /**
             * Shape of an AuthLogout.
             * @typedef {dualgate.v1.AuthLogout.$Properties} dualgate.v1.AuthLogout.$Shape
             */

            /**
             * Constructs a new AuthLogout.
             * @memberof dualgate.v1
             * @classdesc Represents an AuthLogout.
             * @constructor
             * @param {dualgate.v1.AuthLogout.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthLogout = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthLogout everywhere.
             * @member {boolean} everywhere
             * @memberof dualgate.v1.AuthLogout
             * @instance
             */
            AuthLogout.prototype.everywhere = false;

            /**
             * Creates a new AuthLogout instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.AuthLogout
             * @static
             * @param {dualgate.v1.AuthLogout.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.AuthLogout} AuthLogout instance
             * @type {{
             *   (properties: dualgate.v1.AuthLogout.$Shape): dualgate.v1.AuthLogout & dualgate.v1.AuthLogout.$Shape;
             *   (properties?: dualgate.v1.AuthLogout.$Properties): dualgate.v1.AuthLogout;
             * }}
             */
            AuthLogout.create = function(properties) {
                return new AuthLogout(properties);
            };

            /**
             * Encodes the specified AuthLogout message. Does not implicitly {@link dualgate.v1.AuthLogout.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.AuthLogout
             * @static
             * @param {dualgate.v1.AuthLogout.$Properties} message AuthLogout message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthLogout.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.everywhere != null && $Object.hasOwnProperty.call(message, "everywhere") && message.everywhere !== false)
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.everywhere);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthLogout message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.AuthLogout
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthLogout & dualgate.v1.AuthLogout.$Shape} AuthLogout
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthLogout.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.AuthLogout();
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
                            if (value = reader.bool())
                                message.everywhere = value;
                            else
                                delete message.everywhere;
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

            return AuthLogout;
        })();

        v1.AuthResult = (function() {

            /**
             * Properties of an AuthResult.
             * @typedef {Object} dualgate.v1.AuthResult.$Properties
             * @property {Long|null} [userId] AuthResult userId
             * @property {string|null} [token] AuthResult token
             * @property {string|null} [refreshToken] AuthResult refreshToken
             * @property {Long|null} [expiresAtMs] AuthResult expiresAtMs
             * @property {Array.<string>|null} [permissions] AuthResult permissions
             * @property {string|null} [resumeToken] AuthResult resumeToken
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthResult.
             * @memberof dualgate.v1
             * @interface IAuthResult
             * @augments dualgate.v1.AuthResult.$Properties
             * @deprecated Use dualgate.v1.AuthResult.$Properties instead.
             */

            /**
             * Shape of an AuthResult.
             * @typedef {dualgate.v1.AuthResult.$Properties} dualgate.v1.AuthResult.$Shape
             */

            /**
             * Constructs a new AuthResult.
             * @memberof dualgate.v1
             * @classdesc Represents an AuthResult.
             * @constructor
             * @param {dualgate.v1.AuthResult.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthResult = function (properties) {
                this.permissions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthResult userId.
             * @member {Long} userId
             * @memberof dualgate.v1.AuthResult
             * @instance
             */
            AuthResult.prototype.userId = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * AuthResult token.
             * @member {string} token
             * @memberof dualgate.v1.AuthResult
             * @instance
             */
            AuthResult.prototype.token = "";

            /**
             * AuthResult refreshToken.
             * @member {string} refreshToken
             * @memberof dualgate.v1.AuthResult
             * @instance
             */
            AuthResult.prototype.refreshToken = "";

            /**
             * AuthResult expiresAtMs.
             * @member {Long} expiresAtMs
             * @memberof dualgate.v1.AuthResult
             * @instance
             */
            AuthResult.prototype.expiresAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * AuthResult permissions.
             * @member {Array.<string>} permissions
             * @memberof dualgate.v1.AuthResult
             * @instance
             */
            AuthResult.prototype.permissions = $util.emptyArray;

            /**
             * AuthResult resumeToken.
             * @member {string} resumeToken
             * @memberof dualgate.v1.AuthResult
             * @instance
             */
            AuthResult.prototype.resumeToken = "";

            /**
             * Creates a new AuthResult instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.AuthResult
             * @static
             * @param {dualgate.v1.AuthResult.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.AuthResult} AuthResult instance
             * @type {{
             *   (properties: dualgate.v1.AuthResult.$Shape): dualgate.v1.AuthResult & dualgate.v1.AuthResult.$Shape;
             *   (properties?: dualgate.v1.AuthResult.$Properties): dualgate.v1.AuthResult;
             * }}
             */
            AuthResult.create = function(properties) {
                return new AuthResult(properties);
            };

            /**
             * Encodes the specified AuthResult message. Does not implicitly {@link dualgate.v1.AuthResult.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.AuthResult
             * @static
             * @param {dualgate.v1.AuthResult.$Properties} message AuthResult message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthResult.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.userId != null && $Object.hasOwnProperty.call(message, "userId") && (typeof message.userId === "object" ? message.userId.low || message.userId.high : message.userId !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.userId);
                if (message.token != null && $Object.hasOwnProperty.call(message, "token") && message.token !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.token);
                if (message.refreshToken != null && $Object.hasOwnProperty.call(message, "refreshToken") && message.refreshToken !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.refreshToken);
                if (message.expiresAtMs != null && $Object.hasOwnProperty.call(message, "expiresAtMs") && (typeof message.expiresAtMs === "object" ? message.expiresAtMs.low || message.expiresAtMs.high : message.expiresAtMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.expiresAtMs);
                if (message.permissions != null && message.permissions.length)
                    for (let i = 0; i < message.permissions.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.permissions[i]);
                if (message.resumeToken != null && $Object.hasOwnProperty.call(message, "resumeToken") && message.resumeToken !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.resumeToken);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthResult message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.AuthResult
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.AuthResult & dualgate.v1.AuthResult.$Shape} AuthResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthResult.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.AuthResult();
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
                                message.userId = value;
                            else
                                delete message.userId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.token = value;
                            else
                                delete message.token;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.refreshToken = value;
                            else
                                delete message.refreshToken;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAtMs = value;
                            else
                                delete message.expiresAtMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.permissions && message.permissions.length))
                                message.permissions = [];
                            message.permissions.push(reader.stringVerify());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.resumeToken = value;
                            else
                                delete message.resumeToken;
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

            return AuthResult;
        })();

        v1.Notification = (function() {

            /**
             * Properties of a Notification.
             * @typedef {Object} dualgate.v1.Notification.$Properties
             * @property {string|null} [kind] Notification kind
             * @property {string|null} [text] Notification text
             * @property {Uint8Array|null} [data] Notification data
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Notification.
             * @memberof dualgate.v1
             * @interface INotification
             * @augments dualgate.v1.Notification.$Properties
             * @deprecated Use dualgate.v1.Notification.$Properties instead.
             */

            /**
             * Shape of a Notification.
             * @typedef {dualgate.v1.Notification.$Properties} dualgate.v1.Notification.$Shape
             */

            /**
             * Constructs a new Notification.
             * @memberof dualgate.v1
             * @classdesc Represents a Notification.
             * @constructor
             * @param {dualgate.v1.Notification.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Notification = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Notification kind.
             * @member {string} kind
             * @memberof dualgate.v1.Notification
             * @instance
             */
            Notification.prototype.kind = "";

            /**
             * Notification text.
             * @member {string} text
             * @memberof dualgate.v1.Notification
             * @instance
             */
            Notification.prototype.text = "";

            /**
             * Notification data.
             * @member {Uint8Array} data
             * @memberof dualgate.v1.Notification
             * @instance
             */
            Notification.prototype.data = $util.newBuffer([]);

            /**
             * Creates a new Notification instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Notification
             * @static
             * @param {dualgate.v1.Notification.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Notification} Notification instance
             * @type {{
             *   (properties: dualgate.v1.Notification.$Shape): dualgate.v1.Notification & dualgate.v1.Notification.$Shape;
             *   (properties?: dualgate.v1.Notification.$Properties): dualgate.v1.Notification;
             * }}
             */
            Notification.create = function(properties) {
                return new Notification(properties);
            };

            /**
             * Encodes the specified Notification message. Does not implicitly {@link dualgate.v1.Notification.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Notification
             * @static
             * @param {dualgate.v1.Notification.$Properties} message Notification message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Notification.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.kind);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text") && message.text !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.text);
                if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.data);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Notification message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Notification
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Notification & dualgate.v1.Notification.$Shape} Notification
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Notification.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Notification();
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
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.text = value;
                            else
                                delete message.text;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.data = value;
                            else
                                delete message.data;
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

            return Notification;
        })();

        v1.StatusQuery = (function() {

            /**
             * Properties of a StatusQuery.
             * @typedef {Object} dualgate.v1.StatusQuery.$Properties
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StatusQuery.
             * @memberof dualgate.v1
             * @interface IStatusQuery
             * @augments dualgate.v1.StatusQuery.$Properties
             * @deprecated Use dualgate.v1.StatusQuery.$Properties instead.
             */

            /**
             * Shape of a StatusQuery.
             * @typedef {dualgate.v1.StatusQuery.$Properties} dualgate.v1.StatusQuery.$Shape
             */

            /**
             * Constructs a new StatusQuery.
             * @memberof dualgate.v1
             * @classdesc Represents a StatusQuery.
             * @constructor
             * @param {dualgate.v1.StatusQuery.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StatusQuery = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Creates a new StatusQuery instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.StatusQuery
             * @static
             * @param {dualgate.v1.StatusQuery.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.StatusQuery} StatusQuery instance
             * @type {{
             *   (properties: dualgate.v1.StatusQuery.$Shape): dualgate.v1.StatusQuery & dualgate.v1.StatusQuery.$Shape;
             *   (properties?: dualgate.v1.StatusQuery.$Properties): dualgate.v1.StatusQuery;
             * }}
             */
            StatusQuery.create = function(properties) {
                return new StatusQuery(properties);
            };

            /**
             * Encodes the specified StatusQuery message. Does not implicitly {@link dualgate.v1.StatusQuery.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.StatusQuery
             * @static
             * @param {dualgate.v1.StatusQuery.$Properties} message StatusQuery message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StatusQuery.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StatusQuery message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.StatusQuery
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.StatusQuery & dualgate.v1.StatusQuery.$Shape} StatusQuery
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StatusQuery.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.StatusQuery();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
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

            return StatusQuery;
        })();

        v1.Status = (function() {

            /**
             * Properties of a Status.
             * @typedef {Object} dualgate.v1.Status.$Properties
             * @property {string|null} [gatewayId] Status gatewayId
             * @property {number|null} [connections] Status connections
             * @property {Long|null} [uptimeMs] Status uptimeMs
             * @property {number|null} [load] Status load
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Status.
             * @memberof dualgate.v1
             * @interface IStatus
             * @augments dualgate.v1.Status.$Properties
             * @deprecated Use dualgate.v1.Status.$Properties instead.
             */

            /**
             * Shape of a Status.
             * @typedef {dualgate.v1.Status.$Properties} dualgate.v1.Status.$Shape
             */

            /**
             * Constructs a new Status.
             * @memberof dualgate.v1
             * @classdesc Represents a Status.
             * @constructor
             * @param {dualgate.v1.Status.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Status = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Status gatewayId.
             * @member {string} gatewayId
             * @memberof dualgate.v1.Status
             * @instance
             */
            Status.prototype.gatewayId = "";

            /**
             * Status connections.
             * @member {number} connections
             * @memberof dualgate.v1.Status
             * @instance
             */
            Status.prototype.connections = 0;

            /**
             * Status uptimeMs.
             * @member {Long} uptimeMs
             * @memberof dualgate.v1.Status
             * @instance
             */
            Status.prototype.uptimeMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Status load.
             * @member {number} load
             * @memberof dualgate.v1.Status
             * @instance
             */
            Status.prototype.load = 0;

            /**
             * Creates a new Status instance using the specified properties.
             * @function create
             * @memberof dualgate.v1.Status
             * @static
             * @param {dualgate.v1.Status.$Properties=} [properties] Properties to set
             * @returns {dualgate.v1.Status} Status instance
             * @type {{
             *   (properties: dualgate.v1.Status.$Shape): dualgate.v1.Status & dualgate.v1.Status.$Shape;
             *   (properties?: dualgate.v1.Status.$Properties): dualgate.v1.Status;
             * }}
             */
            Status.create = function(properties) {
                return new Status(properties);
            };

            /**
             * Encodes the specified Status message. Does not implicitly {@link dualgate.v1.Status.verify|verify} messages.
             * @function encode
             * @memberof dualgate.v1.Status
             * @static
             * @param {dualgate.v1.Status.$Properties} message Status message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Status.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.gatewayId != null && $Object.hasOwnProperty.call(message, "gatewayId") && message.gatewayId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.gatewayId);
                if (message.connections != null && $Object.hasOwnProperty.call(message, "connections") && message.connections !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.connections);
                if (message.uptimeMs != null && $Object.hasOwnProperty.call(message, "uptimeMs") && (typeof message.uptimeMs === "object" ? message.uptimeMs.low || message.uptimeMs.high : message.uptimeMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.uptimeMs);
                if (message.load != null && $Object.hasOwnProperty.call(message, "load") && !$Object.is(message.load, 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).double(message.load);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Status message from the specified reader or buffer.
             * @function decode
             * @memberof dualgate.v1.Status
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {dualgate.v1.Status & dualgate.v1.Status.$Shape} Status
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Status.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.dualgate.v1.Status();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.connections = value;
                            else
                                delete message.connections;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.uptimeMs = value;
                            else
                                delete message.uptimeMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.load = value;
                            else
                                delete message.load;
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

            return Status;
        })();

        return v1;
    })();

    return dualgate;
})();

export {
  $root as default
};
