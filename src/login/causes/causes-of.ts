import type { Cause } from '../../results/login/login-report.ts';
import { escapeControls } from '../../text/safe-text.ts';
import type { LoginFailure } from '../attempt/failure.ts';
import { authCauses } from './auth-causes.ts';
import type { CauseTable } from './cause-row.ts';
import { certificateCauses } from './certificate-causes.ts';
import { connackCauses } from './connack-causes.ts';
import type { Findings } from './findings.ts';
import { nameCauses, tcpCauses } from './reach-causes.ts';
import { shownCause } from './shown-causes.ts';
import { sessionCauses, silenceCauses } from './silence-causes.ts';
import { ownCertificateCauses, tlsCauses } from './tls-causes.ts';

/** The most causes that are told: a longer list helps nobody. */
const MOST_CAUSES = 4;

/** The table of causes: from what was seen to why, the most likely first. No I/O. */
export function causesOf(findings: Findings): Cause[] {
  const shown = shownCause(findings);
  // What a trial has shown needs no guesses beside it.
  const rows = shown === undefined ? tableOf(findings.failure)(findings) : [shown];
  return rows.slice(0, MOST_CAUSES).map(({ cause, words, mend, certainty }, place) => ({
    cause,
    certainty: certainty ?? (place === 0 ? 'likely' : 'possible'),
    words: escapeControls(words),
    mend: escapeControls(mend),
  }));
}

function tableOf(failure: LoginFailure): CauseTable {
  switch (failure.step) {
    case 'name':
      return nameCauses;
    case 'tcp':
      return tcpCauses;
    case 'tls':
      return tlsCauses;
    case 'certificate':
      return certificateCauses;
    case 'own-certificate':
      return ownCertificateCauses;
    case 'auth-login':
      return authCauses;
    case 'connect':
      return failure.kind === 'refused' ? connackCauses : silenceCauses;
    case 'subscribe':
    case 'publish':
    case 'ping':
      return sessionCauses;
    default:
      return unreachable(failure);
  }
}

function unreachable(failure: never): never {
  throw new TypeError(`unknown failure ${JSON.stringify(failure)}`);
}
