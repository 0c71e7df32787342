import { addCount, countsIn, type Tally } from '../../results/tallies.ts';

/** How many kinds of details are kept per fleet over a run; any further ones are counted as `other`. */
export const MAX_DETAILS = 32;
/** Name under which details beyond `MAX_DETAILS` kinds are counted. */
export const OTHER_DETAIL = 'other';

/** How often something happened for a given cause. */
export interface DetailCount {
  readonly detail: string;
  readonly count: number;
}

/** How something ended and why: one object per kind of which there are few, so it costs nothing to keep. */
export interface EndKind<What extends string> {
  readonly what: What;
  readonly detail?: string | undefined;
}

interface CountedKind<What extends string> extends EndKind<What> {
  readonly detail: string;
  /** Of the interval. */
  count: number;
}

/** Counts the described causes of outcomes or session ends. Lives as long as the run, with a bounded number of kinds. */
export class DetailCounter<What extends string> {
  /** Kinds are kept at 0 between intervals, so that their number is bounded over the run. */
  readonly #counts = new Map<What, Map<string, CountedKind<What>>>();
  #kinds = 0;

  /** Counts it, and returns the kind that it is counted as. */
  count(what: What, detail: string): EndKind<What> {
    let ofWhat = this.#counts.get(what);
    if (ofWhat === undefined) {
      ofWhat = new Map();
      this.#counts.set(what, ofWhat);
    }
    const kind = ofWhat.get(detail) ?? this.#newKind(ofWhat, what, detail);
    kind.count++;
    return kind;
  }

  /** The counts of the interval by `what: detail`; starts the next one. */
  take(): Tally {
    const taken: Tally = {};
    for (const [what, counts] of this.#counts) {
      for (const kind of counts.values()) {
        if (kind.count === 0) continue;
        taken[`${what}: ${kind.detail}`] = kind.count;
        kind.count = 0;
      }
    }
    return taken;
  }

  #newKind(ofWhat: Map<string, CountedKind<What>>, what: What, detail: string): CountedKind<What> {
    const isKept = this.#kinds < MAX_DETAILS;
    if (isKept) this.#kinds++;
    const name = isKept ? detail : OTHER_DETAIL;
    const kind = ofWhat.get(name) ?? { what, detail: name, count: 0 };
    ofWhat.set(name, kind);
    return kind;
  }
}

/** Adds to counts by `what: detail`. Each worker bounds its kinds; the sum over many workers with different kinds must be bounded too. */
export function addDetail(details: Tally, what: string, detail: string, count: number): void {
  const key = `${what}: ${detail}`;
  const isKept = Object.hasOwn(details, key) || Object.keys(details).length < MAX_DETAILS;
  addCount(details, isKept ? key : `${what}: ${OTHER_DETAIL}`, count);
}

/** The causes of one outcome or end, the most frequent first. */
export function detailsOf(what: string, details: Tally): DetailCount[] {
  return countsIn(details)
    .flatMap(([key, count]) => {
      const parts = detailParts(key);
      return parts.what === what ? [{ detail: parts.detail, count }] : [];
    })
    .sort((a, b) => b.count - a.count || a.detail.localeCompare(b.detail));
}

/** Splits `tcp-refused: ECONNREFUSED`; neither outcomes nor ends hold a colon. */
export function detailParts<What extends string>(key: string): { what: What; detail: string } {
  const colon = key.indexOf(': ');
  return { what: key.slice(0, colon) as What, detail: key.slice(colon + 2) };
}
