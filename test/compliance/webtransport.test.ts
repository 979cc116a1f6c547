import { WebTransportListener } from '../../transports/webtransport/webtransport-listener.ts';
import { RawWebTransport } from '../support/raw-webtransport.ts';
import { openSession, testCertificate, testLibrary } from '../support/webtransport.ts';
import { transportSuite } from './transport-suite.ts';

const library = await testLibrary();
const certificate = testCertificate();

transportSuite('webtransport', async () => ({
  hasPort: true,
  createListener: (settings) => new WebTransportListener({ ...settings, library, certificate }),
  connect: async (_listener, { host, port }, handlers) => {
    const session = await openSession(library, `https://${host}:${port}/wt`, certificate);
    return new RawWebTransport(session, await session.createBidirectionalStream(), handlers);
  },
}));
