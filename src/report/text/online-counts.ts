import { timelineFileLines } from '../../results/folder/read-lines.ts';
import { OnlineShown } from '../words/online-shown.ts';

/**
 * Sessions online by interval, including falls within intervals, as far as the timeline can be read; errors in it are reported with the
 * page.
 */
export async function onlineCounts(folder: string): Promise<number[]> {
  const online: number[] = [];
  const shown = new OnlineShown();
  try {
    for await (const { total } of timelineFileLines(folder)) online.push(shown.next(total));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return online;
}
