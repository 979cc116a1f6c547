import { describe, expect, it } from 'vitest';
import { KeyFetchReport } from '../../src/auth/key-fetch-report.ts';
import { createLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';

describe('KeyFetchReport', () => {
  it('counts every fetch, writes one line a minute while they fail, and one when they are good again', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    const { jwksFetches } = new Metrics();
    let nowMs = 0;
    const report = new KeyFetchReport(jwksFetches, log, () => nowMs);

    report.fetched('ok', '');
    expect(lines).toEqual([]);
    report.fetched('status', 'HTTP status 500');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('HTTP status 500');
    nowMs = 59_999;
    report.fetched('timeout', 'no answer in time');
    expect(lines).toHaveLength(1);
    nowMs = 60_000;
    report.fetched('timeout', 'no answer in time');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1])).toMatchObject({ outcome: 'timeout', failures: 3 });
    report.fetched('ok', '');
    report.fetched('ok', '');
    expect(lines).toHaveLength(3);
    nowMs = 60_001;
    report.fetched('malformed', 'no JSON');
    expect(lines).toHaveLength(4);
    const counts = ['ok', 'status', 'timeout', 'malformed'].map((outcome) => jwksFetches.total(outcome));
    expect(counts).toEqual([3, 1, 2, 1]);
  });
});
