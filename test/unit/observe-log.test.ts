import { describe, expect, it } from 'vitest';
import { createLog, silentLog } from '../../src/observe/log.ts';

const SECRET = 'hunter2hunter2';

function logTo(level = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, destination: { write: (line) => void lines.push(line) } }) };
}

describe('the log', () => {
  it('writes one JSON line with time, level, fields and message', () => {
    const { lines, log } = logTo();
    log.child({ session: '42' }).warn({ frames: 3 }, 'client reads too slowly');
    expect(lines).toHaveLength(1);
    const line: unknown = JSON.parse(lines[0]);
    expect(line).toMatchObject({ level: 40, session: '42', frames: 3, msg: 'client reads too slowly' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT/));
    expect(lines[0].endsWith('\n')).toBe(true);
  });

  it('never writes secrets or payloads, at the top or one level down', () => {
    const { lines, log } = logTo();
    const keys = ['token', 'resumeToken', 'refreshToken', 'password', 'secret', 'authorization', 'payload'];
    for (const key of keys) {
      log.info({ [key]: SECRET }, 'top');
      log.error({ hello: { [key]: SECRET, client: 'sdk/1' } }, 'below');
      log.child({ [key]: SECRET }).info({}, 'child');
    }
    expect(lines).toHaveLength(3 * keys.length);
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines[1]).toContain('sdk/1');
  });

  it('writes errors with their stack', () => {
    const { lines, log } = logTo();
    log.error({ error: new Error('broken') }, 'uncaught error');
    expect(JSON.parse(lines[0])).toMatchObject({
      error: { message: 'broken', stack: expect.stringContaining('at ') },
    });
  });

  it('is quiet below its level', () => {
    const { lines, log } = logTo('warn');
    log.info({}, 'no');
    log.debug({}, 'no');
    log.warn({}, 'yes');
    expect(lines).toHaveLength(1);
    silentLog.child({}).error({}, 'no');
  });
});
