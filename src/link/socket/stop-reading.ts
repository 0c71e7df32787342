import type { Socket } from 'node:net';

/**
 * Pausing a stream is not enough: the socket below it goes on reading until a buffer is full, and reports FIN and RST, which nobody behind
 * a dead network hears of. Node has no public way to stop that.
 */
export function stopReading(socket: Socket & { readonly _handle?: { readStop?(): void } | null }): void {
  socket.pause();
  socket._handle?.readStop?.();
}
