import type { Outcome } from '../../results/outcome.ts';
import { addCount, addTallies, countsIn, emptyTallies, type Tallies, type Tally } from '../../results/tallies.ts';
import { addDetail, detailParts } from '../measure/details.ts';
import { AuthCodeKinds, OutcomeKinds } from '../measure/outcome-kinds.ts';

/** The tallies of a whole run. Each worker bounds its kinds; here the sum over any number of workers is bounded. */
export class BoundedTallies {
  readonly counts: Tallies = emptyTallies();
  readonly #outcomes = new OutcomeKinds();
  readonly #codes = new AuthCodeKinds();

  add(added: Tallies): void {
    const outcomes: Tallies['outcomes'] = {};
    const authCodes: Tally = {};
    for (const [outcome, count] of countsIn<Outcome>(added.outcomes)) {
      addCount(outcomes, this.#outcomes.kindOf(outcome), count);
    }
    for (const [code, count] of countsIn(added.authCodes)) addCount(authCodes, this.#codes.kindOf(code), count);
    addTallies(this.counts, { ...added, outcomes, authCodes, details: {}, endDetails: {} });
    for (const [key, count] of countsIn(added.details)) {
      const { what, detail } = detailParts<Outcome>(key);
      addDetail(this.counts.details, this.#outcomes.kindOf(what), detail, count);
    }
    for (const [key, count] of countsIn(added.endDetails)) {
      const { what, detail } = detailParts(key);
      addDetail(this.counts.endDetails, what, detail, count);
    }
  }

  /** The outcome that this one is counted as. */
  outcomeOf(outcome: Outcome): Outcome {
    return this.#outcomes.kindOf(outcome);
  }
}
