/** One import, re-export or dynamic import of a file. */
export interface Import {
  readonly specifier: string;
  /** True when the compiler erases the whole statement: `import type`, or every name marked `type`. */
  readonly typeOnly: boolean;
}

/** What the rules look at in one source file. */
export interface Scan {
  readonly imports: readonly Import[];
  /** The source with comments and the insides of strings and regular expressions blanked; same length, same lines. */
  readonly code: string;
  /** The text of all comments. */
  readonly comments: string;
}

const STATEMENT =
  /(?<![.\w$])(?:import|export)\s+(type\s+)?([\w$*{][^;'"`()=]*?)\s*\bfrom\s*(['"])|(?<![.\w$])import\s*(?:\(\s*)?(['"`])/g;

/** Finds imports and separates code from text. Reads TypeScript as it is written here; no JSX. */
export function scan(source: string): Scan {
  const { code, comments } = separate(source);
  const imports = Array.from(code.matchAll(STATEMENT), (match) => {
    const start = match.index + match[0].length;
    const quote = match[3] ?? match[4] ?? '';
    return {
      specifier: source.slice(start, code.indexOf(quote, start)),
      typeOnly: isTypeOnly(match[1], match[2]),
    };
  });
  return { imports, code, comments };
}

function isTypeOnly(keyword: string | undefined, clause: string | undefined): boolean {
  if (keyword !== undefined) return true;
  const names = /^\{([^}]*)\}$/.exec(clause?.trim() ?? '')?.[1];
  if (names === undefined) return false;
  const list = names.split(',').filter((name) => name.trim() !== '');
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name));
}

/** Names declared by `let` or `var` outside of every bracket. */
export function moduleVariables(code: string): string[] {
  let depth = 0;
  const found: string[] = [];
  for (const match of code.matchAll(/[{([]|[})\]]|(?<![.\w$])(?:let|var)\s+([\w$]+|[{[])/g)) {
    if (match[1] !== undefined && depth === 0) found.push(match[1]);
    if (match[1] !== undefined && !'{['.includes(match[1])) continue;
    depth += '})]'.includes(match[0]) ? -1 : 1;
  }
  return found;
}

/** Uses of the type `any` (`Promise.any`, a member or a parameter of that name do not count). */
export function anyTypes(code: string): number {
  return Array.from(code.matchAll(/(?<![.\w$#])any\b(?!\s*\??[:(=])/g)).length;
}

/** Alternatives in order of precedence: comment, string, template text up to its end or `${`, regular expression. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|[{}]|(?<=(?:^|[(,=:[!&|?{};+*%<>~^]|\breturn)\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(`|\$\{)/y;

function separate(source: string): { code: string; comments: string } {
  const comments: string[] = [];
  const code = source.split('');
  const blank = (from: number, to: number) => {
    for (let at = from; at < to; at++) if (code[at] !== '\n') code[at] = ' ';
  };
  const text = new TemplateText(source, blank);
  const tokens = new RegExp(TOKEN);
  for (let match = tokens.exec(source); match !== null; match = tokens.exec(source)) {
    const [token] = match;
    const end = match.index + token.length;
    if (/^\/[/*]/.test(token)) {
      comments.push(token);
      blank(match.index, end);
    } else if ('`{}'.includes(token)) tokens.lastIndex = text.after(token, end);
    else blank(match.index + 1, end - 1);
  }
  return { code: code.join(''), comments: comments.join('\n') };
}

/** Keeps track of templates inside templates: which closing brace ends a `${`. */
class TemplateText {
  readonly #source: string;
  readonly #blank: (from: number, to: number) => void;
  /** Open braces; true for those of a `${`. */
  readonly #braces: boolean[] = [];

  constructor(source: string, blank: (from: number, to: number) => void) {
    this.#source = source;
    this.#blank = blank;
  }

  /** Where code goes on after `token`, which ends at `end`. */
  after(token: string, end: number): number {
    if (token === '{') this.#braces.push(false);
    if (token === '`') return this.#skip(end);
    if (token !== '}' || this.#braces.pop() !== true) return end;
    this.#blank(end - 1, end);
    return this.#skip(end);
  }

  #skip(from: number): number {
    TEMPLATE_TEXT.lastIndex = from;
    const match = TEMPLATE_TEXT.exec(this.#source);
    if (match === null) return this.#source.length;
    const end = from + match[0].length;
    this.#blank(from, end - 1);
    if (match[1] !== '`') {
      this.#braces.push(true);
      this.#blank(end - 1, end);
    }
    return end;
  }
}
