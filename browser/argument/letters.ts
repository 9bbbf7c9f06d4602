// Which characters make words, by range and not by property: the engine that runs the tests knows no properties.

/** Characters that are no letters, digits or marks, and letters of scripts that write no spaces: Thai, Lao, Myanmar,
 * Khmer, Japanese, Chinese. */
const other =
  /[\0-\/:-@[-`{-\xa9\xab\xac\xae-\xb4\xb6-\xb9\xbb\xbf\xd7\xf7\u02c2-\u02df\u037e\u0387\u055a-\u055f\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u0609-\u060d\u061b-\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e00-\u0eff\u1000-\u109f\u1680\u1780-\u17ff\u2000-\u200c\u200e-\u2bff\u2e00-\ua4cf\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f\ufff0-\uffff\ud83c-\ud83e\ud840-\ud8bf]/;

/** Tells whether two characters that stand side by side are of one word. Soft hyphens and joiners hold together. */
export const joined = (a: string | undefined, b: string | undefined): boolean => !!a && !!b && !other.test(a) && !other.test(b);
