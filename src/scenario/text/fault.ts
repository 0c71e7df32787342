/**
 * A place in a scenario file. `line` and `column` count from 1, and are 0 where there is none: a row of a CSV file has no column, a `--set`
 * option has neither.
 */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong with a scenario, or worth a warning: where it is, what was found, what would have been right. Free of secrets. */
export interface Fault extends Location {
  /** `fleets[0].devices`; empty when the fault concerns the text as a whole. */
  readonly path: string;
  readonly message: string;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

/** What a fault says, apart from where it is. */
export type FaultText = Pick<Fault, 'message' | 'found' | 'expected' | 'hint'>;

/** Steps from the top of a scenario to one of its values. */
export type Path = readonly PropertyKey[];

/** `fleets[0].devices` */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/** One line: `quickstart.yaml:12:5: fleets[0].devces: unknown key; did you mean "devices"?` */
export function formatFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== 0).join(':');
  const found = fault.found === undefined ? '' : `: found ${fault.found}`;
  const expected = fault.expected === undefined ? '' : `${found === '' ? ';' : ','} expected ${fault.expected}`;
  const hint = fault.hint === undefined ? '' : `; ${fault.hint}`;
  return `${place}: ${fault.path === '' ? '' : `${fault.path}: `}${fault.message}${found}${expected}${hint}`;
}

/** `did you mean "devices"?`, or undefined when no known name is near. */
export function didYouMean(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `did you mean ${JSON.stringify(name)}?`;
}

/** The faults by file and place, each once; those of a file as a whole (`and 30 more`) come last. */
export function inFileOrder(faults: readonly Fault[]): Fault[] {
  const lineOf = ({ line }: Fault): number => (line === 0 ? Number.MAX_SAFE_INTEGER : line);
  const once = new Map(faults.map((fault) => [formatFault(fault), fault]));
  return [...once.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || lineOf(a) - lineOf(b) || a.column - b.column,
  );
}
