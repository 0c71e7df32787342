import type { Socket } from 'node:net';
import { hrtime } from 'node:process';
import { deadlineFailure } from '../../link/failures.ts';
import type { Endpoint, LinkFailure } from '../../link/port.ts';
import type { ProxyOptions } from '../../link/socket/proxy-header.ts';
import { SocketOpening, systemNetwork } from '../../link/socket/socket.ts';
import type { TlsLayer } from '../../link/socket/tls.ts';
import { runClock } from '../../time/clock.ts';
import { US_PER_MS } from '../../time/units.ts';

/** An open connection, after name resolution and any TLS handshake; or why there is none. */
export type Opened = { readonly socket: Socket } | { readonly failure: LinkFailure };

/** Opens a connection as devices do, from an address that the system chooses. Settles within `withinMs`. */
export function openSocket(
  endpoint: Endpoint,
  { tls, proxy }: { readonly tls: TlsLayer | undefined; readonly proxy: ProxyOptions | undefined },
  withinMs: number,
): Promise<Opened> {
  return new Promise((resolve) => {
    const end = (opened: Opened): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    const timer = setTimeout(() => {
      opening.abandon();
      opening.socket?.destroy();
      end({ failure: deadlineFailure(opening.phase, endpoint, withinMs * US_PER_MS, 0) });
    }, withinMs);
    const events = {
      onOpen: (socket: Socket) => end({ socket }),
      onFailed: (failure: LinkFailure) => {
        opening.socket?.destroy();
        end({ failure });
      },
      onClosed: () => undefined,
    };
    const opening = new SocketOpening({ endpoint, tls, proxy }, systemNetwork, runClock(hrtime.bigint()), events);
  });
}
