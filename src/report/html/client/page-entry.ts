/// <reference lib="dom" />
import type { PageData } from '../data/page-data.ts';
import { followAppearance } from './appearance.ts';
import { offerCopies } from './copy.ts';
import { openFolds } from './folds.ts';
import { followRun } from './live.ts';
import { PageView } from './page-view.ts';
import { markScrollRegions } from './scroll-regions.ts';

const data = JSON.parse(document.getElementById('page-data')?.textContent ?? '{}') as PageData;
const view = new PageView(data);
view.draw();
followAppearance(
  (isWhole) => view.draw(isWhole),
  () => {
    view.resize();
    markScrollRegions();
  },
);
openFolds();
offerCopies();
document.getElementById('reset-zoom')?.addEventListener('click', () => view.resetZoom());

const token = document.documentElement.dataset['token'];
if (token !== undefined) followRun(view, token);
