import type { Link } from '../../link/port.ts';
import type { DropWay } from '../../plan/timetable.ts';

/** Drops a link as the scenario asks. True if that ends it; otherwise its session does not know yet that it is lost. */
export function dropLink(link: Link, way: DropWay): boolean {
  switch (way) {
    case 'blackhole':
      link.blackhole();
      return false;
    case 'silence':
      link.silence();
      return false;
    case 'reset':
      link.reset();
      return true;
    case 'fin':
      link.close();
      return true;
    default:
      return unreachable(way);
  }
}

function unreachable(way: never): never {
  throw new TypeError(`unknown way to drop a session: ${String(way)}`);
}
