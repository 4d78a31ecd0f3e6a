// bcrypt, for the `bcryptHash` output of RandomPassword, which promises one; Node has none, and a package for one output
// of a stand-in is too much. Blowfish's tables are the first digits of pi, which take less room to compute than to list.
// Checked against the test vectors of the algorithm's author.

const COST = 10;
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** What bcrypt encrypts. */
const TEXT = "OrpheanBeholderScryDoubt";

/** `$2a$10$...` of the first 72 bytes of the password, as the official plugin makes it. Takes about 0.1 s. */
export function bcrypt(password: string, salt: Uint8Array, cost = COST): string {
    const key = Buffer.concat([Buffer.from(password), Buffer.alloc(1)]).subarray(0, 72);
    const state = piWords(18 + 4 * 256);
    const keyWords = cycle(key, 18);
    const saltWords = cycle(salt, 4);

    expandKey(state, keyWords, saltWords);
    const none = new Int32Array(4);
    const saltAsKey = cycle(salt, 18);
    for (let round = 0; round < 2 ** cost; round++) {
        expandKey(state, keyWords, none);
        expandKey(state, saltAsKey, none);
    }

    const text = cycle(Buffer.from(TEXT), 6);
    for (let block = 0; block < 6; block += 2) {
        for (let round = 0; round < 64; round++) {
            encipher(state, text, block);
        }
    }
    const digest = Buffer.alloc(24);
    text.forEach((word, index) => digest.writeInt32BE(word, index * 4));
    const costDigits = String(cost).padStart(2, "0");
    // 23 of the 24 bytes: a mistake of the first implementation that everybody keeps.
    return `$2a$${costDigits}$${base64(salt)}${base64(digest.subarray(0, 23))}`;
}

/** Mixes a key into the subkeys, then replaces subkeys and boxes by the cipher's own output, stirring in the salt. */
function expandKey(state: Int32Array, key: Int32Array, salt: Int32Array): void {
    for (let index = 0; index < 18; index++) {
        state[index] = at(state, index) ^ at(key, index);
    }
    const block = new Int32Array(2);
    for (let index = 0; index < state.length; index += 2) {
        block[0] = at(block, 0) ^ at(salt, index & 2);
        block[1] = at(block, 1) ^ at(salt, (index & 2) + 1);
        encipher(state, block, 0);
        state[index] = at(block, 0);
        state[index + 1] = at(block, 1);
    }
}

/** One Blowfish encryption of two words in place. The state is 18 subkeys and then four boxes of 256. */
function encipher(state: Int32Array, words: Int32Array, offset: number): void {
    let left = at(words, offset) ^ at(state, 0);
    let right = at(words, offset + 1);
    for (let round = 1; round <= 16; round += 2) {
        right ^= mix(state, left) ^ at(state, round);
        left ^= mix(state, right) ^ at(state, round + 1);
    }
    words[offset] = right ^ at(state, 17);
    words[offset + 1] = left;
}

function mix(state: Int32Array, word: number): number {
    const first = at(state, 18 + (word >>> 24)) + at(state, 274 + ((word >>> 16) & 255));
    return ((first ^ at(state, 530 + ((word >>> 8) & 255))) + at(state, 786 + (word & 255))) | 0;
}

/** Words from bytes, starting over at the end of the bytes. */
function cycle(bytes: Uint8Array, count: number): Int32Array {
    const words = new Int32Array(count);
    for (let index = 0; index < count * 4; index++) {
        words[index >> 2] = (at(words, index >> 2) << 8) | at(bytes, index % bytes.length);
    }
    return words;
}

/** The fraction of pi in 32-bit words, by Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239). */
function piWords(count: number): Int32Array {
    const guard = 64n;
    const bits = BigInt(count * 32) + guard;
    const arctanOfInverse = (x: bigint) => {
        let power = (1n << bits) / x;
        let sum = power;
        for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
            power /= x * x;
            sum += (sign * power) / n;
        }
        return sum;
    };
    const pi = 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n);
    const digits = ((pi - (3n << bits)) >> guard).toString(16).padStart(count * 8, "0");
    return Int32Array.from(
        { length: count },
        (_, index) => Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16) | 0,
    );
}

/** bcrypt's own base64: another alphabet, no padding. */
function base64(bytes: Uint8Array): string {
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    return (bits.match(/.{1,6}/g) ?? []).map((six) => ALPHABET[Number.parseInt(six.padEnd(6, "0"), 2)]).join("");
}

/** An element that is known to be there; out of reach it would be 0, which no index here is. */
function at(words: Int32Array | Uint8Array, index: number): number {
    return words[index] as number;
}
