-- What the enrolment may join of the evidence that was accepted and that its learner shows.
CREATE VIEW shown_evidence AS
SELECT s.organization AS organization, s.enrollment AS enrollment, s.requirement AS requirement, e.id AS id,
  e.kind AS kind, e.title AS title, e.url AS url, e.body AS body
FROM submission s JOIN evidence e ON e.organization = s.organization AND e.submission = s.id
WHERE s.show_evidence = 1 AND s.state = 'accepted';
