/** What words are made of, soft hyphens and joiners too. Scripts that write no spaces have no words here: Thai and its
 * neighbours, Japanese, Chinese. */
const letter = /(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[\p{L}\p{N}\p{M}\xad\u200d]/u;
/** What is known of each character: 1 = a letter, 2 = none. */
const known = new Uint8Array(0x10000);

const isLetter = (char: string): boolean => {
  const code = char.length === 1 ? char.charCodeAt(0) : 0;
  if (!code) return letter.test(char);
  return (known[code] ||= letter.test(char) ? 1 : 2) === 1;
};

/** Tells whether two characters that stand side by side are of one word. */
export const joined = (a = "", b = ""): boolean => isLetter(a) && isLetter(b);
