import type { CertificateFailure } from '../attempt/failure.ts';
import type { CertificateProblem } from '../tls/certificate-problems.ts';
import { day } from '../tls/tls-words.ts';
import type { CauseRow, CauseTable } from './cause-row.ts';
import { dated } from './date-causes.ts';
import type { Findings } from './findings.ts';
import { hostOf } from './reach-causes.ts';

/** Why the certificate of the service does not pass, and what would mend it. */
export const certificateCauses: CauseTable = (findings) => {
  const { problems } = findings.failure as CertificateFailure;
  const byProblem = problems.map((problem) => causesOf(problem, findings));
  // Each problem is certain to be there; which of its causes it is may not be.
  const heads = byProblem.flatMap(([row]) =>
    row === undefined ? [] : [{ ...row, certainty: row.certainty ?? 'likely' } as const],
  );
  const rows: CauseRow[] = [...heads, ...byProblem.flatMap((causes) => causes.slice(1))];
  // A chain of expired certificates has one cause.
  return rows.filter(({ cause }, place) => rows.findIndex((row) => row.cause === cause) === place);
};

function causesOf(problem: CertificateProblem, findings: Findings): CauseRow[] {
  switch (problem.kind) {
    case 'expired':
      return dated(findings, problem, {
        cause: 'certificate-expired',
        words: `the certificate of ${hostOf(findings)} expired on ${day(problem.untilMs)}${problem.isLeaf ? '' : `, or rather ${problem.subject} of its chain`}`,
        mend: 'renew it at the service, and have it loaded: many services read certificates only when they start',
      });
    case 'not-yet-valid':
      return dated(findings, problem, {
        cause: 'certificate-not-yet-valid',
        words: `the certificate of ${hostOf(findings)} is not valid before ${day(problem.fromMs)}`,
        mend: 'wait, or have one issued that is valid now',
      });
    case 'name':
      return nameRows(problem, findings);
    default:
      return trustRows(problem, findings);
  }
}

function nameRows({ wanted, names }: Extract<CertificateProblem, { kind: 'name' }>, findings: Findings): CauseRow[] {
  const { about, failure } = findings;
  const host = hostOf(findings);
  const isNamed = wanted !== host;
  const setting = about.setting(failure.side);
  return [
    {
      cause: 'certificate-name',
      words: `the certificate is for ${names}, not for ${wanted}`,
      mend: isNamed
        ? `correct ${about.setting('serverName')}, which is ${wanted}`
        : `write a name of the certificate into ${setting}${failure.side === 'mqtt' ? `, or into ${about.setting('serverName')} if the service is reached by address or through a tunnel` : ''}; or have ${wanted} put into the certificate`,
    },
    {
      cause: 'other-service',
      words: `another service than the one that is meant answers at ${host}`,
      mend: `see which machine answers there, and check ${setting}`,
    },
  ];
}

type TrustProblem = Exclude<CertificateProblem, { kind: 'expired' | 'not-yet-valid' | 'name' }>;

function trustRows(problem: TrustProblem, findings: Findings): CauseRow[] {
  const { about } = findings;
  const ca = about.setting('ca');
  switch (problem.kind) {
    case 'self-signed':
      return [
        {
          cause: 'self-signed',
          words: `the service signs its certificate itself, and ${about.hasCa ? `${ca} does not hold it` : 'no CA knows it'}`,
          mend: `get it from the people of the service, and name its file in ${ca}; or have a CA sign one`,
        },
      ];
    case 'unknown-ca':
      return [unknownCa(problem.ca, findings), intercepted(problem.ca)];
    case 'missing-issuer': {
      const missing = missingIntermediate(problem.issuer);
      const unknown = unknownCa(problem.issuer, findings);
      return problem.isFamily ? [missing, unknown] : [unknown, missing, intercepted(problem.issuer)];
    }
    case 'other-key':
      return [
        {
          cause: 'ca-replaced',
          words: `the CA ${problem.ca} has a new key, or there are two of that name: the one in ${ca} did not sign this`,
          mend: `get the CA's present certificate, and add it to ${ca}`,
        },
      ];
    case 'other':
      return [
        {
          cause: 'certificate-rejected',
          words: `OpenSSL does not accept the certificate: ${problem.code}`,
          mend: "have the service use a certificate that was made for servers, with a key of today's length",
        },
      ];
    default:
      return unreachable(problem);
  }
}

function missingIntermediate(issuer: string): CauseRow {
  return {
    cause: 'missing-intermediate',
    words: `the service does not send the intermediate certificate ${issuer}`,
    mend: 'have the service send its whole chain: its own certificate first, then the intermediate ones, in one file. A browser may know them from elsewhere; devices do not',
  };
}

function unknownCa(name: string, { about }: Findings): CauseRow {
  const ca = about.setting('ca');
  return {
    cause: 'unknown-ca',
    words: about.hasCa
      ? `the service's certificate comes from ${name}, which is not in ${ca}`
      : `the service's certificate comes from ${name}, which this machine does not trust`,
    mend: about.hasCa
      ? `name the file of that CA in ${ca}: it is trusted instead of all others`
      : `get the certificate of that CA, and name its file in ${ca}`,
  };
}

function intercepted(name: string): CauseRow {
  return {
    cause: 'intercepted',
    words: `a proxy or virus scanner on the way opens TLS and signs by itself, as ${name}`,
    mend: 'compare the chain with the one seen from another network',
  };
}

function unreachable(problem: never): never {
  throw new TypeError(`unknown problem ${JSON.stringify(problem)}`);
}
