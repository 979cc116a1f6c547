import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import { frameOf, until } from '../compliance/transport-harness.ts';
import { ChromiumStage, findChromium } from '../support/chromium.ts';
import { allClosed, rssMiB } from '../support/webtransport-load.ts';
import { TestServer } from '../support/webtransport-server.ts';

const RELOADS = 500;
const RSS_GROWTH_MAX_MIB = 64;
/** Chromium drops a page's QUIC connection without a word; the server's idle time for it is 30 s. */
const LOST_DEADLINE_MS = 45_000;
const executable = findChromium();

describe.skipIf(executable === undefined)('a page in Chromium', () => {
  let server: TestServer;
  let stage: ChromiumStage;

  beforeEach(async () => {
    server = await TestServer.start({ connectionsPerAddressMax: RELOADS });
    stage = await ChromiumStage.launch(executable ?? '');
  });

  afterEach(async () => {
    await stage.close();
    await server.close();
  });

  /** An error that nobody handles fails the run by itself. */
  it(`reloaded ${RELOADS} times while traffic flows both ways does no harm`, async () => {
    const hashes = [certificateHash(server.certificate.certPem)];
    const client = await stage.open();
    let before = 0;
    for (let reload = 0; reload < RELOADS; reload++) {
      await client.open(server.url, hashes);
      await client.flood(frameOf(200, reload));
      await until(() => server.recorders.length > reload, 'the connection');
      const { connection } = server.recorders[reload];
      server.recorders[reload].onEach = (frame) => {
        connection.send(frame.slice());
        connection.sendDatagram(frame.slice());
      };
      await client.frame();
      await client.page.reload();
      for (const recorder of server.recorders) recorder.frames.length = recorder.datagrams.length = 0;
      if (reload === RELOADS / 5) before = rssMiB();
    }
    await allClosed(server, LOST_DEADLINE_MS);
    expect(server.recorders.map(({ closes }) => closes[0].by)).not.toContain('local');
    expect(rssMiB() - before).toBeLessThan(RSS_GROWTH_MAX_MIB);
  });
});
