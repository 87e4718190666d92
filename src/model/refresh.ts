/** Asks that an application, or the state of a cluster, is looked at anew; who has done it takes it away. */
export const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';
