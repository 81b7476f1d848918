// How much room words take in a figure.

/** Width of a letter on average [px]. */
export const LETTER = 6.2;

/** With an ellipsis where it has more letters than there is room for. */
export const cut = (text: string, letters: number): string =>
  text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
