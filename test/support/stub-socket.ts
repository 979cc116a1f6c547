/** What the SDK uses of the platform's WebSocket, driven by the test. To be put in place by `vi.stubGlobal`. */
export class StubSocket {
  static readonly OPEN = 1;
  /** All that were made, by any test of the file. */
  static readonly made: StubSocket[] = [];
  readonly url: string;
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  closedWith: [number | undefined, string | undefined] | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string) {
    if (!url.startsWith('ws')) throw new SyntaxError('bad URL');
    this.url = url;
    StubSocket.made.push(this);
  }

  /** The newest one. */
  static get last(): StubSocket {
    const socket = StubSocket.made.at(-1);
    if (socket === undefined) throw new Error('no socket was made');
    return socket;
  }

  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }

  close(code?: number, reason?: string): void {
    this.closedWith = [code, reason];
    this.readyState = 2;
  }

  open(): void {
    this.readyState = StubSocket.OPEN;
    this.onopen?.();
  }
}
