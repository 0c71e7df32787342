import { isIPv4, type Socket } from 'node:net';

/**
 * Header of the PROXY protocol, with which a load balancer tells the service behind it where a connection really comes from
 * [haproxy.org, "The PROXY protocol", versions 1 and 2].
 */
export const PROXY_VERSIONS = ['v1', 'v2'] as const;
export type ProxyVersion = (typeof PROXY_VERSIONS)[number];

/** What a connection says about itself in its first bytes. */
export interface ProxyOptions {
  readonly version: ProxyVersion;
  /** Where it should appear to come from: an IP address that this machine need not have. */
  readonly address: string;
}

/** Both ends of a connection. */
export interface Ends {
  readonly from: { readonly address: string; readonly port: number };
  readonly to: { readonly address: string; readonly port: number };
}

const SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
/** Version 2, command PROXY. */
const VERSION_AND_COMMAND = 0x21;
/** TCP over IPv4, over IPv6. */
const [TCP_4, TCP_6] = [0x11, 0x21];
const PORTS_BYTES = 4;

/** The header of a connected socket: its source port is the socket's own, so that no two connections from one address are the same. */
export function headerOf({ version, address }: ProxyOptions, socket: Socket): Buffer {
  const { localPort = 0, remoteAddress = '', remotePort = 0 } = socket;
  return proxyHeader(version, { from: { address, port: localPort }, to: { address: remoteAddress, port: remotePort } });
}

/** The header in bytes. If only one end is IPv6, the other is written as an IPv4-mapped address [RFC 4291 2.5.5.2]. */
export function proxyHeader(version: ProxyVersion, { from, to }: Ends): Buffer {
  const isV4 = isIPv4(from.address) && isIPv4(to.address);
  const [source, target] = isV4 ? [from.address, to.address] : [asIpv6(from.address), asIpv6(to.address)];
  if (version === 'v1') {
    return Buffer.from(`PROXY ${isV4 ? 'TCP4' : 'TCP6'} ${source} ${target} ${from.port} ${to.port}\r\n`, 'ascii');
  }
  const addresses = [source, target].map(isV4 ? ipv4Bytes : ipv6Bytes);
  const ports = Buffer.alloc(PORTS_BYTES);
  ports.writeUInt16BE(from.port, 0);
  ports.writeUInt16BE(to.port, 2);
  const body = Buffer.concat([...addresses, ports]);
  const lengths = Buffer.alloc(2);
  lengths.writeUInt16BE(body.length);
  const kind = Buffer.from([VERSION_AND_COMMAND, isV4 ? TCP_4 : TCP_6]);
  return Buffer.concat([SIGNATURE, kind, lengths, body]);
}

function asIpv6(address: string): string {
  return isIPv4(address) ? `::ffff:${address}` : address;
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** The 16 bytes of an IPv6 address, however it is written [RFC 4291 section 2.2]; a zone is left out. */
function ipv6Bytes(text: string): Buffer {
  const [address = ''] = text.split('%');
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...before, ...new Array<number>(zeros).fill(0), ...after].entries()) {
    bytes.writeUInt16BE(group, index * 2);
  }
  return bytes;
}

/** Groups of 16 bits; an IPv4 address at the end is two. */
function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** Addresses reserved for benchmarks, 198.18.0.0/15 [RFC 2544 appendix C.2.2]. */
const [BENCHMARK_FIRST_OCTET, BENCHMARK_SECOND_OCTET] = [198, 18];
const HOSTS_PER_NET = 254;
const NETS = 512;

/**
 * The apparent address of device `index` of a run: the `sources` in turn or, without any, one of 130,048 benchmark addresses per device.
 */
export function proxyAddress(index: number, sources: readonly string[] | undefined): string {
  const given = sources?.[index % sources.length];
  if (given !== undefined) return given;
  const net = Math.floor(index / HOSTS_PER_NET) % NETS;
  const second = BENCHMARK_SECOND_OCTET + Math.floor(net / 256);
  return `${BENCHMARK_FIRST_OCTET}.${second}.${net % 256}.${1 + (index % HOSTS_PER_NET)}`;
}
