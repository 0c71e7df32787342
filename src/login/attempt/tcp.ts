import type { Socket } from 'node:net';
import { errorCode } from '../../link/socket/error-code.ts';
import { connectOptions, systemNetwork } from '../../link/socket/socket.ts';
import type { TcpFailure } from './failure.ts';

/** A connection, or how it failed. */
export type TcpLook = { readonly socket: Socket } | { readonly kind: TcpFailure['kind']; readonly detail: string };

/** Connects to an address. Settles within `withinMs`. */
export function connectTcp(address: string, port: number, withinMs: number): Promise<TcpLook> {
  return new Promise((resolve) => {
    const socket = systemNetwork.newSocket();
    const end = (look: TcpLook): void => {
      clearTimeout(timer);
      resolve(look);
    };
    const timer = setTimeout(() => {
      socket.destroy();
      end({ kind: 'timeout', detail: 'no answer' });
    }, withinMs);
    // Stays for the socket's life: an error after the end must not go unhandled.
    socket.on('error', (error) => {
      socket.destroy();
      end({ kind: kindOf(error), detail: errorCode(error) ?? error.message });
    });
    socket.once('connect', () => end({ socket }));
    socket.connect(connectOptions(address, port));
  });
}

const KINDS: Readonly<Record<string, TcpFailure['kind']>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
};

/** What is not listed is what this machine lacks: descriptors, ports, an address of that family. */
function kindOf(error: Error): TcpFailure['kind'] {
  return KINDS[errorCode(error) ?? ''] ?? 'local';
}
