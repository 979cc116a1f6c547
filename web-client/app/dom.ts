/** Small helpers around the DOM. Text always goes in as text, never as markup. */

type Child = Node | string;

interface Props<Name extends keyof HTMLElementTagNameMap> {
  /** Attributes by name. */
  attrs?: Record<string, string>;
  /** Properties of the element's own. */
  set?: Partial<HTMLElementTagNameMap[Name]>;
  on?: Partial<Record<keyof HTMLElementEventMap, (event: Event) => void>>;
}

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  props: Props<Name> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props.attrs ?? {})) element.setAttribute(key, value);
  Object.assign(element, props.set);
  for (const [type, listener] of Object.entries(props.on ?? {})) element.addEventListener(type, listener);
  element.append(...children);
  return element;
}

export function button(
  text: string,
  onClick: () => void,
  attrs: Record<string, string> = {},
): HTMLButtonElement {
  return el('button', { attrs: { type: 'button', ...attrs }, on: { click: onClick } }, text);
}

/** A control under its label. */
export function field(label: string, control: HTMLElement, hint = ''): HTMLLabelElement {
  const small = hint === '' ? [] : [el('small', {}, hint)];
  return el('label', { attrs: { class: 'field' } }, el('span', {}, label), control, ...small);
}

export function select(options: Readonly<Record<string, string>>, value: string): HTMLSelectElement {
  const items = Object.entries(options).map(([key, text]) => el('option', { set: { value: key } }, text));
  const control = el('select', {}, ...items);
  control.value = value;
  return control;
}

export function input(attrs: Record<string, string>): HTMLInputElement {
  return el('input', { attrs: { autocomplete: 'off', spellcheck: 'false', ...attrs } });
}

/** The element that the page's markup has under that id. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/** Writes only what changed, so that selections and screen readers are left alone. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
