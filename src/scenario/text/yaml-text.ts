import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type YAMLError,
  type YAMLWarning,
} from 'yaml';
import { grouped } from '../../text/counts.ts';
import { MAX_YAML_DEPTH, offsetBelowMaxDepth } from '../../text/yaml-depth.ts';
import type { Fault, Location } from './fault.ts';
import type { RawEntry, RawNode } from './raw.ts';

/** A text read as YAML 1.2 (which includes JSON), or why it is not. */
export type ReadYaml =
  | { readonly ok: true; readonly root: RawNode }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** More values than any scenario holds, aliases counted as often as they are used: this bounds alias bombs. */
const MAX_NODES = 200_000;

/** Reads a text into a tree with places. `locate` gives the place of an offset in the text; never throws. */
export function readYaml(text: string, file: string): ReadYaml {
  const lines = new LineCounter();
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = tokens.map(offsetBelowMaxDepth).find((offset) => offset !== undefined);
  if (tooDeep !== undefined) return refuse(locate(tooDeep), `nested more than ${MAX_YAML_DEPTH} levels deep`);
  // `uniqueKeys` is off because the library compares every key with every other; `TreeBuilder` uses a map.
  const options = { version: '1.2', stringKeys: true, uniqueKeys: false, prettyErrors: false } as const;
  const [document, second] = [...new Composer(options).compose(tokens)];
  if (document === undefined)
    return refuse(locate(0), 'the file is empty', 'a scenario: version, name, target, fleets');
  if (second !== undefined) return refuse(locate(second.range[0]), 'a second document', 'one scenario per file');
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) return { ok: false, faults: problems.map((problem) => syntaxFault(problem, locate)) };
  return new TreeBuilder(document, locate).build();
}

/** Turns the library's nodes into ours: resolves aliases, finds double keys, bounds the size. */
class TreeBuilder {
  readonly #document: Document.Parsed;
  readonly #locate: (offset: number) => Location;
  readonly #anchors = new Map<string, Node>();
  readonly #faults: Fault[] = [];
  #nodes = 0;

  constructor(document: Document.Parsed, locate: (offset: number) => Location) {
    this.#document = document;
    this.#locate = locate;
  }

  build(): ReadYaml {
    const root = this.#convert(this.#document.contents, 0, 0);
    if (this.#nodes > MAX_NODES)
      return refuse(root.at, `more than ${grouped(MAX_NODES)} values, aliases counted each time`);
    return this.#faults.length > 0 ? { ok: false, faults: this.#faults } : { ok: true, root };
  }

  #convert(node: Node | null, parentOffset: number, depth: number): RawNode {
    const offset = node?.range?.[0] ?? parentOffset;
    const at = this.#locate(offset);
    const empty: RawNode = { kind: 'scalar', value: null, at };
    if (node === null || ++this.#nodes > MAX_NODES) return empty;
    if (isAlias(node)) return { ...this.#resolve(node.source, at, offset, depth), at };
    const anchor = node.anchor;
    // An anchor counts only once its node is complete, so that nothing can contain itself.
    const result = this.#convertContent(node, at, offset, depth) ?? empty;
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return result;
  }

  #convertContent(node: Node, at: Location, offset: number, depth: number): RawNode | undefined {
    if (isScalar(node)) {
      const source = typeof node.value === 'number' ? node.source : undefined;
      return { kind: 'scalar', value: node.value, at, ...(source === undefined ? {} : { source }) };
    }
    if (isSeq<Node>(node))
      return { kind: 'list', items: node.items.map((item) => this.#convert(item, offset, depth)), at };
    if (!isMap<Node, Node | null>(node)) return undefined;
    const entries = new Map<string, RawEntry>();
    let merge: RawEntry | undefined;
    for (const { key, value } of node.items) {
      const keyOffset = key.range?.[0] ?? offset;
      const name = isScalar(key) ? String(key.source ?? key.value) : '';
      const entry = { keyAt: this.#locate(keyOffset), node: this.#convert(value, keyOffset, depth) };
      if (!isMergeKey(key)) this.#addEntry(entries, name, entry);
      else if (merge === undefined) merge = entry;
      else this.#fault(entry.keyAt, 'a second <<', undefined, 'merge several mappings as <<: [*one, *other]');
    }
    if (merge !== undefined) this.#merge(entries, merge);
    return { kind: 'map', entries, at };
  }

  /** Merge keys, which YAML 1.2 dropped but everybody uses: keys that are here already, or merged earlier, win. */
  #merge(entries: Map<string, RawEntry>, { node, keyAt }: RawEntry): void {
    for (const source of node.kind === 'list' ? node.items : [node]) {
      if (source.kind !== 'map') {
        this.#fault(keyAt, '<< without a mapping', 'an alias of a mapping, or a list of them: <<: *common');
        return;
      }
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  #addEntry(entries: Map<string, RawEntry>, name: string, entry: RawEntry): void {
    const first = entries.get(name);
    if (first === undefined) entries.set(name, entry);
    else
      this.#fault(
        entry.keyAt,
        `the key ${JSON.stringify(name)} is here twice`,
        undefined,
        `first on line ${first.keyAt.line}`,
      );
  }

  #resolve(anchor: string, at: Location, offset: number, depth: number): RawNode {
    const target = this.#anchors.get(anchor);
    if (target !== undefined && depth < MAX_YAML_DEPTH) return this.#convert(target, offset, depth + 1);
    // The name is left out: it may be a password that starts with a star.
    const hint = 'quote a text that starts with *';
    this.#fault(
      at,
      target === undefined ? 'an alias without an anchor before it' : 'aliases nested too deep',
      undefined,
      hint,
    );
    return { kind: 'scalar', value: null, at };
  }

  #fault(at: Location, message: string, expected?: string, hint?: string): void {
    this.#faults.push({ ...at, path: '', message, expected, hint });
  }
}

/** Quoted, it is a key like any other. */
function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<';
}

function refuse(at: Location, message: string, expected?: string): ReadYaml {
  return { ok: false, faults: [{ ...at, path: '', message, expected }] };
}

/** The library's words, except where they would repeat part of the file that may be a secret. */
function syntaxFault(problem: YAMLError | YAMLWarning, locate: (offset: number) => Location): Fault {
  const at = { ...locate(problem.pos[0]), path: '' };
  if (problem.code === 'TAG_RESOLVE_FAILED') {
    return { ...at, message: 'an unknown tag', hint: 'quote a text that starts with !' };
  }
  if (problem.code === 'BAD_ALIAS') return { ...at, message: 'not an alias', hint: 'quote a text that starts with *' };
  if (problem.code === 'BAD_DQ_ESCAPE') {
    const hint = 'write a backslash in double quotes as \\\\, or use single quotes';
    return { ...at, message: 'not YAML: unknown escape sequence', hint };
  }
  if (problem.code === 'UNEXPECTED_TOKEN' || problem.code === 'BAD_DIRECTIVE' || problem.code === 'IMPOSSIBLE') {
    return { ...at, message: 'not YAML: unexpected text here' };
  }
  return { ...at, message: `not YAML: ${problem.message}` };
}
