import type { Context } from '../context.ts';
import type { Asks } from './command.ts';

/** For commands of one application: where it was not named and a person sits there, it is picked. */
export const applicationPicker = (context: Context): Asks => ({
  possible: context.prompt.interactive,
  ask: async () => (await import('./pick-application.ts')).pickApplication(context),
});
