import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInPath } from '../../tools/setup/debian.mjs';
import { withLock } from '../../tools/setup/lock.mjs';
import { isOlderThan, NODE_VERSION_MIN } from '../../tools/setup/node-version.mjs';
import { parseSums, verifyPrebuilds } from '../../tools/setup/prebuilds.mjs';
import { inProject } from '../../tools/setup/project.mjs';
import { filesUnder, hashFiles, isStamped, writeStamp } from '../../tools/setup/stamp.mjs';
import { countsOf, exitCodeFor, summaryLine } from '../../tools/setup/summary.mjs';

describe('set-up', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dualgate-setup-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  describe('stamp', () => {
    const hash = (extras?: readonly string[]) => hashFiles(folder, filesUnder(folder), extras);

    it('changes with a content, a name and an extra', () => {
      const file = write('a.ts', 'one');
      const before = hash();
      write('a.ts', 'two');
      expect(hash()).not.toBe(before);
      write('a.ts', 'one');
      expect(hash()).toBe(before);
      expect(hash(['linux'])).not.toBe(before);
      rmSync(file);
      write('b.ts', 'one');
      expect(hash()).not.toBe(before);
    });

    it('does not take one split over two files for another', () => {
      write('a.ts', 'xy');
      write('b.ts', '');
      const before = hash();
      write('a.ts', 'x');
      write('b.ts', 'y');
      expect(hash()).not.toBe(before);
    });

    it('goes with the folder that it stands in', () => {
      const inner = join(folder, 'dist');
      mkdirSync(inner);
      const stampFile = join(inner, '.stamp');
      expect(isStamped(stampFile, 'abc')).toBe(false);
      writeStamp(stampFile, 'abc');
      expect(isStamped(stampFile, 'abc')).toBe(true);
      expect(isStamped(stampFile, 'abcd')).toBe(false);
      rmSync(inner, { recursive: true });
      expect(isStamped(stampFile, 'abc')).toBe(false);
    });
  });

  describe('prebuilds', () => {
    const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');

    it('pass when every file is as listed', () => {
      write('x.tar.gz', 'binary');
      write('SHA256SUMS', `${sumOf('binary')}  x.tar.gz\n`);
      expect(() => verifyPrebuilds(folder)).not.toThrow();
    });

    it('fail when a file differs or is missing', () => {
      write('SHA256SUMS', `${sumOf('binary')}  x.tar.gz\n`);
      expect(() => verifyPrebuilds(folder)).toThrow('is missing');
      write('x.tar.gz', 'another');
      expect(() => verifyPrebuilds(folder)).toThrow('SHA256SUMS says');
    });

    it('are as listed in this checkout', () => {
      expect(() => verifyPrebuilds(inProject('prebuilds'))).not.toThrow();
    });

    it('refuse a list that cannot be read', () => {
      expect(() => parseSums('abc  x.tar.gz')).toThrow('cannot read the line');
    });
  });

  describe('lock', () => {
    it('lets one work at a time', async () => {
      const lockFile = join(folder, 'lock');
      const order: string[] = [];
      const work = (name: string) => async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
      };
      await Promise.all([withLock(work('a'), lockFile), withLock(work('b'), lockFile)]);
      expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
      expect(existsSync(lockFile)).toBe(false);
    });

    it('is taken over from a process that is gone', async () => {
      const lockFile = write('lock', '999999999');
      expect(await withLock(async () => 'done', lockFile)).toBe('done');
    });

    it('is given back after a failure', async () => {
      const lockFile = join(folder, 'lock');
      await expect(withLock(() => Promise.reject(new Error('no')), lockFile)).rejects.toThrow('no');
      expect(existsSync(lockFile)).toBe(false);
    });
  });

  it('finds programs, and only those that may run', () => {
    write('data', '');
    expect(findInPath('data', folder)).toBeUndefined();
    expect(findInPath('node', `${folder}:${join(process.execPath, '..')}`)).toBe(process.execPath);
  });
});

describe('Node version', () => {
  it.each([
    ['20.18.3', true],
    ['18.20.0', true],
    ['8.0.0', true],
    ['20.19.0', false],
    ['20.20.2', false],
    ['22.0.0', false],
    ['100.0.0', false],
    ['20.19.0-rc.1', false],
  ])('%s is too old: %s', (version, old) => expect(isOlderThan(version, NODE_VERSION_MIN)).toBe(old));
});

describe('summary', () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
  };

  it('is one line, with the skipped ones only when there are any', () => {
    expect(summaryLine(countsOf(report, 0))).toBe('5 passed, 0 failed');
    const skipping = { ...report, numPendingTests: 2, numTodoTests: 1 };
    expect(summaryLine(countsOf(skipping, 0))).toBe('5 passed, 0 failed, 3 skipped');
  });

  it('counts a file that could not be loaded', () => {
    const broken = { ...report, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(countsOf(broken, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  it('does not count a failed test twice', () => {
    const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
    expect(countsOf({ ...report, numFailedTests: 1, testResults }, 1).failed).toBe(1);
  });

  it('counts an error outside of any test', () => {
    expect(countsOf(report, 1).failed).toBe(1);
  });

  it('fails on failures and when no test ran', () => {
    expect(exitCodeFor({ passed: 1, failed: 0, skipped: 0 })).toBe(0);
    expect(exitCodeFor({ passed: 1, failed: 1, skipped: 0 })).toBe(1);
    expect(exitCodeFor({ passed: 0, failed: 0, skipped: 3 })).toBe(1);
  });
});
