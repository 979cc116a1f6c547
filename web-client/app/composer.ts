import { encodeFrame, FLAG, ROUTE } from '../../src/protocol/header.ts';
import { el, field, input, select } from './dom.ts';
import { LANE_TITLES, type Lane, type LaneName } from './lane.ts';
import { decodeDemo, encodeDemo, GAME, MSG } from './payload.ts';
import { parseHex, parseProtobufText } from './protobuf-text.ts';

export interface ComposerOwner {
  /** The links that are shown. */
  lanes(): readonly Lane[];
  user(): number;
  onNote(lane: Lane | undefined, severity: 'error' | 'info', text: string): void;
}

const CHAT_ROWS_MAX = 100;
const WAYS = {
  reliable: 'reliable',
  latest: 'latest (datagram where it fits)',
  ack: 'reliable, acknowledged',
  request: 'request, awaits the answer',
} as const;

/** Chat, game frames, and frames by hand. */
export class Composer {
  readonly #owner: ComposerOwner;
  readonly #chatLog = el('ol', { attrs: { class: 'chat', 'aria-live': 'polite', 'aria-label': 'Chat' } });
  readonly #targets: HTMLSelectElement[] = [];

  constructor(owner: ComposerOwner, boxes: { chat: HTMLElement; game: HTMLElement; raw: HTMLElement }) {
    this.#owner = owner;
    boxes.chat.append(this.#chatLog, this.#chatForm());
    boxes.game.append(this.#gameForm());
    boxes.raw.append(this.#rawForm());
  }

  /** The links that can be sent over have changed. */
  showLanes(): void {
    const lanes = this.#owner.lanes();
    for (const target of this.#targets) {
      const { value } = target;
      const all = lanes.length > 1 ? [el('option', { set: { value: 'all' } }, 'every link')] : [];
      const single = lanes.map((lane) => el('option', { set: { value: lane.name } }, lane.title));
      target.replaceChildren(...single, ...all);
      if ([...target.options].some((option) => option.value === value)) target.value = value;
    }
  }

  showChat(lane: LaneName, payload: Uint8Array): void {
    const { user, text = '' } = decodeDemo(payload);
    const who = user === this.#owner.user() ? 'you' : `user ${user}`;
    const name = el('span', { attrs: { class: `lane lane-${lane}` } }, LANE_TITLES[lane]);
    this.#chatLog.append(el('li', { attrs: { 'data-lane': lane } }, name, el('b', {}, who), ` ${text}`));
    while (this.#chatLog.childElementCount > CHAT_ROWS_MAX) this.#chatLog.firstElementChild?.remove();
    this.#chatLog.scrollTop = this.#chatLog.scrollHeight;
  }

  #chatForm(): HTMLFormElement {
    const text = input({
      placeholder: 'Say something',
      'aria-label': 'Message',
      maxlength: '500',
      name: 'text',
    });
    const target = this.#target();
    return this.#form('Send', [text, target], () => {
      if (text.value === '') return;
      const payload = encodeDemo({ user: this.#owner.user(), text: text.value });
      for (const lane of this.#lanesOf(target))
        this.#sent(lane, lane.client?.send(ROUTE.chat, MSG.chat, payload));
      text.value = '';
    });
  }

  #gameForm(): HTMLFormElement {
    const msgId = input({ type: 'number', min: '0', max: '65535', value: String(MSG.game), name: 'msgId' });
    const way = select(WAYS, 'request');
    const payload = el('textarea', { attrs: { rows: '3', spellcheck: 'false', name: 'payload' } });
    payload.value = `1: ${this.#owner.user()} 2: "${GAME}" 3: "hello"`;
    const target = this.#target();
    const fields = [
      field('Over', target),
      field('Message id', msgId),
      field('Delivery', way),
      field(
        'Payload, protobuf text',
        payload,
        '1: 42   2: "text"   3: { 1: 7 }   4: h"00ff"   5: 0x3f800000',
      ),
    ];
    return this.#form('Send game frame', fields, () => {
      const bytes = parseProtobufText(payload.value);
      for (const lane of this.#lanesOf(target)) this.#sendGame(lane, Number(msgId.value), bytes, way.value);
    });
  }

  #sendGame(lane: Lane, msgId: number, payload: Uint8Array, way: string): void {
    const { client } = lane;
    if (client === undefined) return this.#sent(lane, false);
    if (way === 'request') {
      const startedAtMs = performance.now();
      this.#settle(lane, client.request(ROUTE.game, msgId, payload), (answer) => {
        const tookMs = performance.now() - startedAtMs;
        return `answer to seq ${answer.seq}: ${answer.payload.length} bytes in ${tookMs.toFixed(1)} ms`;
      });
    } else if (way === 'ack') {
      this.#settle(lane, client.send(ROUTE.game, msgId, payload, { ack: true }), () => 'acknowledged');
    } else {
      this.#sent(lane, client.send(ROUTE.game, msgId, payload, { latest: way === 'latest' }));
    }
  }

  #rawForm(): HTMLFormElement {
    const seq = input({ type: 'number', min: '0', max: '4294967295', value: '1', name: 'seq' });
    const route = input({ type: 'number', min: '0', max: '255', value: '2', name: 'route' });
    const flags = input({ type: 'number', min: '0', max: '255', value: '0', name: 'flags' });
    const msgId = input({ type: 'number', min: '0', max: '65535', value: String(MSG.game), name: 'msgId' });
    const format = select({ hex: 'hex', protobuf: 'protobuf text' }, 'hex');
    const payload = el('textarea', { attrs: { rows: '3', spellcheck: 'false', name: 'payload' } });
    payload.value = '08 01 12 04 64 65 6d 6f';
    const target = this.#target();
    const hint = Object.entries(FLAG).map(([name, bit]) => `${bit} ${name}`);
    const header = el(
      'div',
      { attrs: { class: 'field-row' } },
      ...[field('seq', seq), field('route', route), field('flags', flags), field('msgId', msgId)],
    );
    const fields = [
      field('Over', target),
      header,
      el('small', {}, `Route 1 chat, 2 game, 3 system. Flags: ${hint.join(', ')}.`),
      field('Payload as', format),
      field('Payload', payload),
    ];
    return this.#form('Send raw frame', fields, () => {
      const bytes = format.value === 'hex' ? parseHex(payload.value) : parseProtobufText(payload.value);
      const head = { seq: Number(seq.value), route: Number(route.value), flags: Number(flags.value) };
      for (const lane of this.#lanesOf(target)) {
        this.#sent(lane, lane.sendRaw(encodeFrame({ ...head, msgId: Number(msgId.value) }, bytes)));
      }
      seq.value = String(Number(seq.value) + 1);
    });
  }

  #form(title: string, children: HTMLElement[], send: () => void): HTMLFormElement {
    const submit = el('button', { attrs: { class: 'primary', type: 'submit' } }, title);
    const onSubmit = (event: Event) => {
      event.preventDefault();
      try {
        send();
      } catch (error) {
        this.#owner.onNote(undefined, 'error', error instanceof Error ? error.message : String(error));
      }
    };
    return el('form', { on: { submit: onSubmit } }, ...children, submit);
  }

  #target(): HTMLSelectElement {
    const target = el('select', { attrs: { 'aria-label': 'Over which link' } });
    this.#targets.push(target);
    return target;
  }

  #lanesOf(target: HTMLSelectElement): readonly Lane[] {
    const lanes = this.#owner.lanes();
    return target.value === 'all' ? lanes : lanes.filter((lane) => lane.name === target.value);
  }

  #sent(lane: Lane, sent: boolean | undefined): void {
    if (!sent) this.#owner.onNote(lane, 'error', 'not sent: there is no link');
  }

  #settle<T>(lane: Lane, result: Promise<T>, text: (value: T) => string): void {
    result.then(
      (value) => this.#owner.onNote(lane, 'info', text(value)),
      (error: unknown) => this.#owner.onNote(lane, 'error', String(error)),
    );
  }
}
