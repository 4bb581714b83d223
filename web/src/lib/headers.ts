/** A text of any alphabet as the value of a header, which holds bytes: in UTF-8. */
export const headerOf = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
