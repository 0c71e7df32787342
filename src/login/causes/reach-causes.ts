import type { NameFailure, TcpFailure } from '../attempt/failure.ts';
import type { CauseRow, CauseTable } from './cause-row.ts';
import type { Findings } from './findings.ts';

/** Names that belong to nobody [RFC 6761]. */
const NOBODYS = /\.(?:invalid|test|example|localhost)\.?$/i;

/** Why a name has no address. */
export const nameCauses: CauseTable = (findings) => {
  const { kind, side } = findings.failure as NameFailure;
  const host = hostOf(findings);
  const setting = findings.about.setting(side);
  if (kind === 'stray') {
    return [
      {
        cause: 'stray-name',
        words: `${host} should be this machine, and leads to another one`,
        mend: 'correct the hosts file of this machine, or name the other one as it is called',
        certainty: 'shown',
      },
    ];
  }
  const unknown: CauseRow = {
    cause: 'name-unknown',
    words: `there is no host called ${host}`,
    mend: `check the spelling of ${setting}: region, domain, and the product key if it is part of the name`,
  };
  const resolver: CauseRow = {
    cause: 'no-resolver',
    words: `this machine gets no answer from its DNS server`,
    mend: `look up any name here (getent hosts example.com); check the network and /etc/resolv.conf`,
  };
  const isInside: CauseRow = {
    cause: 'name-of-another-network',
    words: `the name ${host} is known only in another network, such as a VPN`,
    mend: 'run this where the name is known',
  };
  return kind === 'unknown' || NOBODYS.test(host) ? [unknown, isInside, resolver] : [resolver, unknown, isInside];
};

/** Why there is no connection. */
export const tcpCauses: CauseTable = (findings) => {
  const { kind, side } = findings.failure as TcpFailure;
  const host = hostOf(findings);
  const setting = findings.about.setting(side);
  const port = side === 'mqtt' ? `port ${findings.about.port}` : 'that port';
  const closed: CauseRow = {
    cause: 'port-closed',
    words: `nothing listens on ${port} of ${host}`,
    mend: `start the service, or correct the port of ${setting}: 1883 is usual for plain MQTT, 8883 for TLS`,
  };
  const rejected: CauseRow = {
    cause: 'firewall-rejects',
    words: `a firewall on the way rejects ${port}`,
    mend: 'open the port for this machine, or try from another network; 443 is often open where 8883 is not',
  };
  const dropped: CauseRow = {
    cause: 'filtered',
    words: `something on the way drops packets to ${port}: a firewall, or a security group of the cloud`,
    mend: `open the port for this machine; from where it is open: nc -vz ${host} ${findings.about.port}`,
  };
  const down: CauseRow = {
    cause: 'host-down',
    words: `the host ${host} is down, too busy to accept connections, or has another address now`,
    mend: `see whether it answers anybody, and check ${setting}`,
  };
  switch (kind) {
    case 'refused':
      return [closed, rejected];
    case 'timeout':
      return [dropped, down];
    case 'unreachable':
      return [noRoute(findings, host), down, dropped];
    case 'reset':
      return [
        { ...rejected, cause: 'reset-on-the-way', words: `the service or something before it resets connections` },
        down,
      ];
    case 'local':
      return [localLimit];
    default:
      return unreachable(kind);
  }
};

const localLimit: CauseRow = {
  cause: 'this-machine',
  words: 'this machine could not open the connection: it lacks ports, descriptors, or an address of that kind',
  mend: 'end other programs, raise `ulimit -n`, or use an address that this machine can reach',
  certainty: 'shown',
};

function noRoute({ about }: Findings, host: string): CauseRow {
  return {
    cause: 'no-route',
    words: `there is no way from this machine to ${host}${host.includes(':') ? ': it may have no IPv6' : ''}`,
    mend: `check the network of this machine${about.host.includes(':') ? '' : ' and a VPN that it may need'}`,
  };
}

/** The host that the failure is about. */
export function hostOf({ about, failure }: Findings): string {
  return failure.side === 'auth' ? (about.authHost ?? about.host) : about.host;
}

function unreachable(kind: never): never {
  throw new TypeError(`unknown failure ${String(kind)}`);
}
