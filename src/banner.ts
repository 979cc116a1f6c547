import { demoGames } from './bridges.ts';
import type { Config } from './config/schema.ts';
import type { Running } from './serve.ts';
import type { BoundAddress } from './transport.ts';

/** Where everything is, for the person who started the gateway. */
export function banner(config: Config, running: Running): string {
  const { addresses, gateway } = running;
  const rows: [string, string][] = [];
  const websocket = addresses.get('websocket');
  if (websocket !== undefined)
    rows.push(['WebSocket', `ws://${hostPort(websocket)}${config.websocket.path}`]);
  const webtransport = addresses.get('webtransport');
  if (webtransport !== undefined) {
    rows.push(['WebTransport', `https://${hostPort(webtransport)}${config.quic.path}  (UDP)`]);
  } else if ('absent' in running.webTransport) {
    rows.push(['WebTransport', `not served: ${running.webTransport.absent}`]);
  }
  const web = addresses.get('web');
  if (web !== undefined) rows.push(['Web client', `http://${hostPort(web)}/`]);
  const metrics = addresses.get('metrics');
  if (metrics !== undefined) {
    rows.push(['Metrics', `http://${hostPort(metrics)}${config.metrics.path}  (/health /ready /stats)`]);
  }
  rows.push(['Queue', queueText(config)]);
  const demos = demoGames(config);
  if (demos.length > 0)
    rows.push(['Demo', `game ${demos.join(', ')}: game frames are echoed, chat and 1100-1199 are relayed`]);
  const lines = rows.map(([name, text]) => `  ${name.padEnd(14)}${text}`);
  return [`dualgate ${gateway.id} is running. Ctrl-C ends it.`, ...lines, ''].join('\n');
}

function queueText(config: Config): string {
  if (config.bridge.kind === 'memory') return 'in memory (set redis.addr for Redis)';
  const { addr, mode } = config.redis;
  return `Redis Pub/Sub, ${mode}, ${typeof addr === 'string' ? addr : addr.join(', ')}`;
}

/** An address to click on: a wildcard shows as loopback. */
function hostPort({ host, port }: BoundAddress): string {
  if (host === '0.0.0.0' || host === '::') return `127.0.0.1:${port}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
