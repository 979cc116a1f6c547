/**
 * Codes of Error messages (DESIGN.md section 2): the link lives on, the frame that is named by seq, route and msgId was
 * not taken. The text is the row of README's table; a test holds the two equal.
 */
export const ERROR_CODES = {
  SHORT_FRAME: 'fewer than 8 bytes',
  RESERVED_FLAG: 'a reserved header flag is set',
  UNKNOWN_ROUTE: 'no route takes this route byte and msgId',
  BAD_BATCH: 'the batch payload is cut short, holds a frame without header, or is nested',
  BAD_MESSAGE: 'a system message does not decode',
  BAD_PAYLOAD: 'the payload is not protobuf, as far as user_id and game_id are read',
  TEXT_FRAME: 'a text frame, and JSON debugging is off',
  BAD_JSON: 'a JSON debugging frame that does not parse',
  UNKNOWN_GAME: 'the payload names no game, or one that is not configured',
  USER_MISMATCH: 'the payload claims another user than the one bound to the session',
  UNAUTHENTICATED: 'the session has to authenticate first',
  FORBIDDEN: 'the session lacks the permission for this route',
  UNAVAILABLE:
    'the message queue or the service is away, or there are no new sessions; retry after retryAfterMs',
  BUSY: 'the gateway is overloaded; retry after retryAfterMs',
  RATE_LIMITED: 'too many frames or bytes; retry after retryAfterMs',
  TIMEOUT: 'the service did not answer in time',
  INTERNAL: 'a fault of the gateway, logged there',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
