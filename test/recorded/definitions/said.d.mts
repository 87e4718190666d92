export interface Asked {
  readonly path: string;
  readonly body: object;
}
export interface Said {
  readonly status: number;
  readonly causes: readonly string[];
}
export function asked(spec: unknown): Asked;
export function said(answer: { readonly status: number; readonly body: unknown }): Said;
