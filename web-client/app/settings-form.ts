import { el, field, input, select } from './dom.ts';
import { BYTES_MAX, RATE_MAX, type Settings } from './settings.ts';

const MODES = {
  both: 'both side by side',
  auto: 'automatic',
  websocket: 'WebSocket only',
  webtransport: 'WebTransport only',
} as const satisfies Record<Settings['mode'], string>;

const DELIVERIES = { latest: 'latest (datagrams)', reliable: 'reliable' } as const;

/** The controls of the settings. Every change is told at once. */
export class SettingsForm {
  readonly element: HTMLFormElement;
  readonly #settings: Settings;
  readonly #onChange: (changed: keyof Settings) => void;
  readonly #token = input({ type: 'password', name: 'token', placeholder: 'none' });

  /** `settings` is written to. */
  constructor(settings: Settings, onChange: (changed: keyof Settings) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.element = el(
      'form',
      { attrs: { class: 'settings' }, on: { submit: (event) => event.preventDefault() } },
      field('Links', this.#mode()),
      field('Probes per second', this.#number('rate', 0, RATE_MAX)),
      field('Probe delivery', this.#delivery()),
      field('Probe payload, bytes', this.#number('bytes', 32, BYTES_MAX)),
      field('User id', this.#number('user', 1, Number.MAX_SAFE_INTEGER)),
      field('Gateway', this.#gateway()),
      field('Token', this.#token, 'stays out of the address'),
      this.#connectOnLoad(),
    );
  }

  get token(): string {
    return this.#token.value;
  }

  #mode(): HTMLSelectElement {
    const control = select(MODES, this.#settings.mode);
    control.name = 'mode';
    control.addEventListener('change', () => {
      const { value } = control;
      if (isMode(value)) this.#set('mode', value);
    });
    return control;
  }

  #delivery(): HTMLSelectElement {
    const control = select(DELIVERIES, this.#settings.delivery);
    control.name = 'delivery';
    control.addEventListener('change', () => {
      this.#set('delivery', control.value === 'latest' ? 'latest' : 'reliable');
    });
    return control;
  }

  #number(key: 'rate' | 'bytes' | 'user', min: number, max: number): HTMLInputElement {
    const value = String(this.#settings[key]);
    const control = input({ type: 'number', name: key, min: String(min), max: String(max), value });
    control.required = true;
    control.addEventListener('change', () => {
      if (control.reportValidity()) this.#set(key, control.valueAsNumber);
    });
    return control;
  }

  #gateway(): HTMLInputElement {
    const control = input({ type: 'url', name: 'gateway', placeholder: location.origin });
    control.value = this.#settings.gateway;
    control.addEventListener('change', () => {
      if (control.reportValidity()) this.#set('gateway', control.value);
    });
    return control;
  }

  #connectOnLoad(): HTMLElement {
    const control = el('input', { attrs: { type: 'checkbox', name: 'connect' } });
    control.checked = this.#settings.connect;
    control.addEventListener('change', () => this.#set('connect', control.checked));
    return el('label', { attrs: { class: 'check' } }, control, el('span', {}, 'Connect when the page opens'));
  }

  #set<Key extends keyof Settings>(key: Key, value: Settings[Key]): void {
    this.#settings[key] = value;
    this.#onChange(key);
  }
}

function isMode(value: string): value is Settings['mode'] {
  return Object.hasOwn(MODES, value);
}
