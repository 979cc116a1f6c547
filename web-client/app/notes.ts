import { el, setText } from './dom.ts';
import { LANE_TITLES, type LaneName } from './lane.ts';

const ROWS_MAX = 100;

/** The list of errors and events, newest first. */
export class Notes {
  readonly #list: HTMLElement;
  readonly #count: HTMLElement;
  #errors = 0;

  constructor(list: HTMLElement, count: HTMLElement) {
    this.#list = list;
    this.#count = count;
  }

  add(severity: 'error' | 'info', lane: LaneName | undefined, text: string): void {
    if (severity === 'error') this.#errors++;
    const time = el('time', {}, new Date().toTimeString().slice(0, 8));
    const name =
      lane === undefined ? [] : [el('span', { attrs: { class: `lane lane-${lane}` } }, LANE_TITLES[lane])];
    const what = el('span', { attrs: { class: 'what' } }, text);
    this.#list.prepend(el('li', { attrs: { class: severity } }, time, ...name, what));
    while (this.#list.childElementCount > ROWS_MAX) this.#list.lastElementChild?.remove();
    this.#show();
  }

  clear(): void {
    this.#errors = 0;
    this.#list.replaceChildren();
    this.#show();
  }

  #show(): void {
    setText(this.#count, this.#errors === 1 ? '1 error' : `${this.#errors} errors`);
  }
}
