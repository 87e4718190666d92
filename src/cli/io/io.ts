/** The three streams, as commands see them. */
export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly input: Input;
}

export interface Output {
  write(text: string): void;
  readonly terminal: boolean;
  /** Characters in a line. */
  columns(): number;
  /** Lines of the screen. */
  rows(): number;
  /** Calls when the window has another size, until the answer is called. */
  onResize?(listener: () => void): () => void;
}

export interface Input {
  readonly terminal: boolean;
  /** Everything there is, to the end. */
  read(): Promise<string>;
  /** The next line, without its end; undefined when there is none. */
  line(): Promise<string | undefined>;
  /** Calls for each key that is pressed, by its name, until the answer is called; 'closed' when no more can come. */
  keys?(listener: (key: string) => void): () => void;
}
