// How wide letters are in Helvetica, and in Arial, which has the same widths.
// Source: Adobe's font metrics of the 35 core fonts, Helvetica.afm.

/** Thousandths of the font's size, and the letters that are so wide. */
const widths: ReadonlyArray<readonly [width: number, letters: string]> = [
    [191, "'"],
    [222, "ijl"],
    [260, "|"],
    [278, " !,./:;I[\\]ft"],
    [333, "()-`r·"],
    [334, "{}"],
    [355, '"'],
    [389, "*"],
    [469, "^"],
    [500, "Jcksvxyz"],
    [556, "#$0123456789?L_abdeghnopqu"],
    [584, "+<=>~"],
    [611, "FTZ"],
    [667, "&ABEKPSVXY"],
    [722, "CDHNRUw"],
    [778, "GOQ"],
    [833, "Mm"],
    [889, "%"],
    [944, "W"],
    [1000, "—…"],
    [1015, "@"],
];

const byLetter: ReadonlyMap<string, number> = new Map(
    widths.flatMap(([width, letters]) => Array.from(letters, (letter) => [letter, width / 1000] as const)),
);

/** Of most letters of other scripts, or narrower than they are: what is drawn is pressed together then. */
const otherwise = 0.6;

/** @returns ems */
export function letterWidth(letter: string): number {
    return byLetter.get(letter) ?? otherwise;
}
