// The player, shared with the other places that show results. A chunk of its own: it is loaded with
// the first result that has steps, and not before.

import '../../shaperotator_magic/pipeline/exploring/static/explore.css';

export type { IPlayer, IResult } from '../../shaperotator_magic/pipeline/exploring/static/player.js';
export { mountPlayer } from '../../shaperotator_magic/pipeline/exploring/static/player.js';
export { parseExplore } from '../../shaperotator_magic/pipeline/exploring/static/steps.js';
export type { IKnobs } from '../../shaperotator_magic/pipeline/exploring/static/knobs.js';
export { mountKnobs, readParameters, StillView } from '../../shaperotator_magic/pipeline/exploring/static/knobs.js';
