/** Styles are imported for what they do: the bundler writes them beside the page. */

declare module '*.css';
