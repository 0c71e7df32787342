import type { Socket } from 'node:net';

/**
 * Pausing a stream is not enough: the socket below goes on reading until a buffer is full and reports FIN and RST, which would not arrive
 * through a dead network. Node has no public way to stop that.
 */
export function stopReading(socket: Socket & { readonly _handle?: { readStop?(): void } | null }): void {
  socket.pause();
  socket._handle?.readStop?.();
}
