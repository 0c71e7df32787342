import { timelineFileLines } from '../../results/folder/read-lines.ts';
import { OnlineShown } from '../words/online-shown.ts';

/** Sessions online, interval by interval, with what fell between two ends, as far as the timeline can be read: what is wrong with it the page's fault says. */
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
