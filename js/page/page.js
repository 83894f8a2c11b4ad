/** The elements of the page that more than one module needs. */

import { find } from './find.js';

export const app = find('[data-testid=app]', HTMLElement);
export const announcer = find('[data-announcer]', HTMLElement);
