import type { Rendering } from './renderer.ts';

/** The variables that a source's own texts may name. */
export function buildEnvironment({ request, source }: Rendering): Readonly<Record<string, string>> {
  const { application, revision, destinationNamespace } = request;
  return {
    ARGOCD_APP_NAME: application.name,
    ARGOCD_APP_NAMESPACE: destinationNamespace,
    ARGOCD_APP_PROJECT_NAME: application.project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL,
    ARGOCD_APP_SOURCE_PATH: source.path ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision ?? '',
  };
}

/** `$NAME` and `${NAME}` of these variables replaced, `$$` is one dollar sign; every other one is a text: a hash has them, too. */
export function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\{([^}]*)\}|(\w+))/g, (all, braced: string | undefined, plain: string | undefined) =>
    all === '$$' ? '$' : (variables[braced ?? plain ?? ''] ?? all),
  );
}
