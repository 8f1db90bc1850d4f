// How the book's search ranks what it finds: Sphinx's own scores, but a section whose title was typed comes before pages
// that hold the words somewhere. So a question leads to its answer.
Scorer = {
  score: ([, , anchor, description, score]) => (anchor && description === null ? score + 10 : score),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
