/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type UPlot from 'uplot';

declare global {
  interface Window {
    /** The chart library, put into the page before this script. */
    readonly uPlot: typeof UPlot;
  }
}

export const Plot = window.uPlot;
export type Plot = UPlot;
export type PlotOptions = UPlot.Options;
export type PlotData = UPlot.AlignedData;
