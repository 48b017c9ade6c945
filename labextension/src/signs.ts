// Control characters as signs, as shaperotator_magic/core/control_characters.py shows them; a test compares the two.

// prettier-ignore
const HIDDEN = /[\u{0}-\u{1f}\u{7f}-\u{9f}\u{ad}-\u{ad}\u{34f}-\u{34f}\u{61c}-\u{61c}\u{115f}-\u{1160}\u{17b4}-\u{17b5}\u{180e}-\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}-\u{3164}\u{d800}-\u{dfff}\u{feff}-\u{feff}\u{ffa0}-\u{ffa0}\u{fff9}-\u{fffb}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;
const IS_HIDDEN = new RegExp(HIDDEN.source, 'u');
const isHalf = (char: string): boolean => char >= '\ud800' && char <= '\udfff'; // of an emoji, say
const joins = (char: string): boolean => char >= '\u0590' && (isHalf(char) || !IS_HIDDEN.test(char));

/** Return a text in which control and bidirectional characters stand as signs; lines and tabs stay. */
export function showControls(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(HIDDEN, (char: string, at: number, whole: string) => {
    const isJoiner = char === '\u200c' || char === '\u200d';
    if (char === '\n' || char === '\t' || (isJoiner && joins(whole.charAt(at - 1)) && joins(whole.charAt(at + 1)))) {
      return char;
    }
    const code = char.codePointAt(0)!;
    if (code < 32) {
      return String.fromCharCode(0x2400 + code);
    }
    return code === 127 ? '␡' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}
