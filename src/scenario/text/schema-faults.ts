import type { z } from 'zod';
import { nearestName } from '../../text/nearest-name.ts';
import { didYouMean, type Fault, formatPath, type Path } from './fault.ts';
import { foundAt, unitHint } from './found.ts';
import { knownKeysAt } from './known-keys.ts';
import { faultAt, keyFaultAt, nodeAt, plainValue, type RawNode } from './raw.ts';
import { isSecretPlace } from './secret-names.ts';

type Issue = z.core.$ZodIssue;

/** Turns what a schema found into faults with places, found and expected values, and the nearest known name. */
export class SchemaFaults {
  readonly #schema: z.core.$ZodType;
  readonly #root: RawNode;
  readonly #value: unknown;

  constructor(schema: z.core.$ZodType, root: RawNode) {
    this.#schema = schema;
    this.#root = root;
    this.#value = plainValue(root);
  }

  faultsOf(issues: readonly Issue[]): Fault[] {
    return issues.flatMap((issue) => this.#faults(issue, []));
  }

  #faults(issue: Issue, base: Path): Fault[] {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => this.#unknownKey([...path, key]));
    if (issue.code === 'invalid_union') return this.#unionFaults(issue, path);
    const known = issue.code === 'invalid_value' ? issue.values : [];
    const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
    return [this.#wrongValue(path, issue.message, known, wantsText)];
  }

  /** Of the forms a value may have, assumes the one that fits best. */
  #unionFaults(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): Fault[] {
    if ('options' in issue && issue.options !== undefined) return this.#undecided(path, issue.message, issue.options);
    const weights = issue.errors.map(weightOf);
    const least = Math.min(...weights);
    const best = issue.errors.filter((_, branch) => weights[branch] === least);
    const [only] = best;
    if (best.length === 1 && only !== undefined && Number.isFinite(least)) {
      return only.flatMap((inner) => this.#faults(inner, path));
    }
    const unknown = Number.isFinite(least) ? unknownInAll(best) : [];
    if (unknown.length > 0) return unknown.map((key) => this.#unknownKey([...path, key]));
    return [this.#wrongValue(path, issue.message, issue.errors.flat().flatMap(valuesOf), false)];
  }

  /** The key that decides between forms (`mode`, `arrival`) is missing or unknown. */
  #undecided(path: Path, expected: string, options: readonly unknown[]): Fault[] {
    const fault = this.#wrongValue(path, expected, options, false);
    const parent = nodeAt(this.#root, path.slice(0, -1));
    if (nodeAt(this.#root, path) !== undefined || parent?.kind !== 'map') return [fault];
    const known = knownKeysAt(this.#schema, path.slice(0, -1), this.#value);
    const unknown = [...parent.entries.keys()].filter((key) => !known.includes(key));
    return [fault, ...unknown.map((key) => this.#unknownKey([...path.slice(0, -1), key]))];
  }

  #unknownKey(path: Path): Fault {
    const known = knownKeysAt(this.#schema, path.slice(0, -1), this.#value);
    const near = nearestName(String(path.at(-1)), known);
    if (near === undefined && isSecretPlace(path)) return this.#hiddenKey(path, known);
    return keyFaultAt(this.#root, path, {
      message: 'unknown key',
      hint: didYouMean(near) ?? `known here: ${known.join(', ')}`,
    });
  }

  /** In `{ password: a,b }`, `b` is a key. */
  #hiddenKey(path: Path, known: readonly string[]): Fault {
    const hint = `known here: ${known.join(', ')}; quote a text that contains a comma`;
    const fault = keyFaultAt(this.#root, path, {
      message: 'an unknown key (not shown, as it may be part of a secret)',
      hint,
    });
    return { ...fault, path: formatPath(path.slice(0, -1)) };
  }

  #wrongValue(path: Path, expected: string, known: readonly unknown[], wantsText: boolean): Fault {
    const node = nodeAt(this.#root, path);
    if (node === undefined) return faultAt(this.#root, path, { message: 'missing', expected });
    const value = node.kind === 'scalar' ? node.value : undefined;
    const near = typeof value === 'string' ? nearestName(value, known.map(String)) : undefined;
    const quotes =
      wantsText && (typeof value === 'number' || typeof value === 'boolean') ? 'put it in quotes' : undefined;
    return faultAt(this.#root, path, {
      message: 'wrong value',
      found: foundAt(node, path),
      expected,
      hint:
        didYouMean(near) ?? unitHint(node.kind === 'scalar' ? (node.source ?? value) : undefined, expected) ?? quotes,
    });
  }
}

/** How far a value is from one way of writing it: the number of its faults; infinite when it is of another kind altogether. */
function weightOf(issues: readonly Issue[]): number {
  const isOtherKind = issues.some(
    ({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
  );
  if (isOtherKind) return Number.POSITIVE_INFINITY;
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function unknownInAll(branches: readonly (readonly Issue[])[]): string[] {
  const [first = [], ...others] = branches.map((issues) =>
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [])),
  );
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

function valuesOf(issue: Issue): unknown[] {
  return issue.code === 'invalid_value' ? issue.values : [];
}
