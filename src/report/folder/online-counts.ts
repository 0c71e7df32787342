import { timelineFileLines } from './read-lines.ts';

/** Sessions online, interval by interval, as far as the timeline can be read: what is wrong with it the page's fault says. */
export async function onlineCounts(folder: string): Promise<number[]> {
  const online: number[] = [];
  try {
    for await (const { total } of timelineFileLines(folder)) online.push(total.online);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return online;
}
