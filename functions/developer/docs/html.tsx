/** Puts HTML that was made of our own documents into a page. Nothing that a caller sends may come here. */
export const OurHtml = ({ html }: { html: string }) => {
  return <div dangerouslySetInnerHTML={{ __html: html }} />;
};
