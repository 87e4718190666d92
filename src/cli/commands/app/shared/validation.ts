import type { Context } from '../../../context.ts';

/** How a server is to validate: our own refuses what has no manifest, too. */
export const validationOf = ({ validate }: { readonly validate?: boolean }, { policy }: Context) => ({
  validate,
  ...policy.own.add(() => ({ requireManifests: validate !== false }), {}),
});
