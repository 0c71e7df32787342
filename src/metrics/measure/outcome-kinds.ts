import { AUTH_CODE_NAMES, authCodeOf, type Outcome } from '../../results/outcome.ts';

/** How many unknown codes are kept as separate kinds, because a service may invent any number of them. */
export const MAX_MADE_UP = 16;

/** Keeps the first kinds of something with an unbounded number of kinds. */
export class BoundedKinds<Kind> {
  readonly #kept = new Set<Kind>();

  /** True for a kind that is kept, which holds for the first 16. */
  keeps(kind: Kind): boolean {
    if (this.#kept.has(kind)) return true;
    if (this.#kept.size >= MAX_MADE_UP) return false;
    this.#kept.add(kind);
    return true;
  }
}

/**
 * The outcomes that are distinguished. Each needs histograms of up to 2 MB, and the auth service may choose any code and HTTP status: of
 * those that the document does not name, a limited number become separate outcomes, and the others are counted as `auth-other`, with
 * details that name them. (CONNACK has five codes; any other is a `protocol-error`.)
 */
export class OutcomeKinds {
  readonly #madeUp = new BoundedKinds<Outcome>();

  /** The outcome that this one is counted as. */
  kindOf(outcome: Outcome): Outcome {
    return !isMadeUp(outcome) || this.#madeUp.keeps(outcome) ? outcome : 'auth-other';
  }
}

/** The codes that are distinguished: those of the document, and the first others. */
export class AuthCodeKinds {
  readonly #madeUp = new BoundedKinds<string>();

  /** What a code is counted as: itself, or `other`. */
  kindOf(code: string): string {
    return AUTH_CODE_NAMES[Number(code)] !== undefined || this.#madeUp.keeps(code) ? code : 'other';
  }
}

function isMadeUp(outcome: Outcome): boolean {
  const code = authCodeOf(outcome);
  return code === undefined ? /^auth-http-\d+$/.test(outcome) : AUTH_CODE_NAMES[code] === undefined;
}
