package api_test

import "strings"

// matrix says, for every route and everything it can be asked for, with which status each of the askers is
// answered. Objects: a comment of the owner's in each of its states, a story that is open or closed, the owner or a
// reader with a hidden profile; "elsewhere" is what belongs to the second site, "nothing" what does not exist,
// "under X" a reply to the comment X. A question is open, closed, proposed (a settlement waits), settled, or switched
// off; a mark or an entry is there or gone; a correction is somebody's to a piece of the owner's. What is hidden is
// answered as if it did not exist.
var matrix = readMatrix(`
route                                object            nobody owner other blocked moderator desk foreigner
POST /readers                        -                 201 201 201 201 201 201 201
POST /session                        -                 200 200 200 200 200 200 200
DELETE /session                      -                 204 204 204 204 204 204 204
POST /session/redeem                 -                 410 410 410 410 410 410 410
GET /me                              -                 200 200 200 200 200 200 200
PATCH /me                            -                 401 200 200 200 200 401 401
GET /me/follows                      -                 401 200 200 200 200 401 401
GET /me/followers                    -                 401 200 200 200 200 401 401
GET /me/mutes                        -                 401 200 200 200 200 401 401
GET /me/blocks                       -                 401 200 200 200 200 401 401
GET /me/corrections                  -                 401 200 200 200 200 401 401
GET /me/record                       -                 401 200 200 200 200 401 401
POST /stories                        -                 401 201 201 201 201 401 401

GET /stories/{id}                    open              200 200 200 200 200 200 200
GET /stories/{id}                    closed            200 200 200 200 200 200 200
GET /stories/{id}                    elsewhere         404 404 404 404 404 404 404
GET /stories/{id}                    nothing           404 404 404 404 404 404 404

GET /stories/{id}/comments           open              200 200 200 200 200 200 200
GET /stories/{id}/comments           closed            200 200 200 200 200 200 200
GET /stories/{id}/comments           elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/comments           nothing           404 404 404 404 404 404 404

POST /stories/{id}/comments          open              401 201 201 201 201 401 401
POST /stories/{id}/comments          closed            401 409 409 409 409 401 401
POST /stories/{id}/comments          elsewhere         401 404 404 404 404 401 401
POST /stories/{id}/comments          nothing           401 404 404 404 404 401 401
POST /stories/{id}/comments          under published   401 201 201 403 201 401 401
POST /stories/{id}/comments          under held        401 409 404 404 404 401 401
POST /stories/{id}/comments          under refused     401 409 404 404 404 401 401
POST /stories/{id}/comments          under removed     401 409 409 409 409 401 401
POST /stories/{id}/comments          under withdrawn   401 409 409 409 409 401 401
POST /stories/{id}/comments          under elsewhere   401 404 404 404 404 401 401
POST /stories/{id}/comments          under nothing     401 404 404 404 404 401 401

GET /stories/{id}/events             open              200 200 200 200 200 200 200
GET /stories/{id}/events             closed            200 200 200 200 200 200 200
GET /stories/{id}/events             elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/events             nothing           404 404 404 404 404 404 404

PUT /stories/{id}/follow             open              401 200 200 200 200 401 401
PUT /stories/{id}/follow             closed            401 200 200 200 200 401 401
PUT /stories/{id}/follow             elsewhere         401 404 404 404 404 401 401
PUT /stories/{id}/follow             nothing           401 404 404 404 404 401 401

DELETE /stories/{id}/follow          open              401 200 200 200 200 401 401
DELETE /stories/{id}/follow          closed            401 200 200 200 200 401 401
DELETE /stories/{id}/follow          elsewhere         401 200 200 200 200 401 401
DELETE /stories/{id}/follow          nothing           401 200 200 200 200 401 401

GET /counts                          -                 400 400 400 400 400 400 400
GET /stories/{id}/passages           open              200 200 200 200 200 200 200
GET /stories/{id}/passages           closed            200 200 200 200 200 200 200
GET /stories/{id}/passages           elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/passages           nothing           404 404 404 404 404 404 404

GET /stories/{id}/annotations        open              200 200 200 200 200 200 200
GET /stories/{id}/annotations        closed            200 200 200 200 200 200 200
GET /stories/{id}/annotations        elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/annotations        nothing           404 404 404 404 404 404 404

GET /stories/{id}/versions           open              200 200 200 200 200 200 200
GET /stories/{id}/versions           closed            200 200 200 200 200 200 200
GET /stories/{id}/versions           elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/versions           nothing           404 404 404 404 404 404 404

GET /stories/{id}/versions/{number}  open              200 200 200 200 200 200 200
GET /stories/{id}/versions/{number}  closed            404 404 404 404 404 404 404
GET /stories/{id}/versions/{number}  elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/versions/{number}  nothing           404 404 404 404 404 404 404

GET /stories/{id}/corrections        open              200 200 200 200 200 200 200
GET /stories/{id}/corrections        closed            200 200 200 200 200 200 200
GET /stories/{id}/corrections        elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/corrections        nothing           404 404 404 404 404 404 404

POST /stories/{id}/corrections       open              401 201 201 201 201 401 401
POST /stories/{id}/corrections       closed            401 201 201 201 201 401 401
POST /stories/{id}/corrections       elsewhere         401 404 404 404 404 401 401
POST /stories/{id}/corrections       nothing           401 404 404 404 404 401 401

GET /stories/{id}/suggestions        open              401 200 200 200 200 200 401
GET /stories/{id}/suggestions        closed            401 200 200 200 200 200 401
GET /stories/{id}/suggestions        elsewhere         401 404 404 404 404 404 401
GET /stories/{id}/suggestions        nothing           401 404 404 404 404 404 401

POST /corrections/{id}/decision      open              401 200 404 404 404 200 401
POST /corrections/{id}/decision      accepted          401 409 404 404 404 409 401
POST /corrections/{id}/decision      declined          401 409 404 404 404 409 401
POST /corrections/{id}/decision      elsewhere         401 404 404 404 404 404 401
POST /corrections/{id}/decision      nothing           401 404 404 404 404 404 401

GET /stories/{id}/sequels            open              200 200 200 200 200 200 200
GET /stories/{id}/sequels            closed            200 200 200 200 200 200 200
GET /stories/{id}/sequels            elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/sequels            nothing           404 404 404 404 404 404 404

POST /stories/{id}/sequels           open              401 401 401 401 401 201 401
POST /stories/{id}/sequels           closed            401 401 401 401 401 201 401
POST /stories/{id}/sequels           elsewhere         401 401 401 401 401 404 401
POST /stories/{id}/sequels           nothing           401 401 401 401 401 404 401

DELETE /sequels/{id}                 there             401 401 401 401 401 204 401
DELETE /sequels/{id}                 gone              401 401 401 401 401 404 401
DELETE /sequels/{id}                 elsewhere         401 401 401 401 401 404 401
DELETE /sequels/{id}                 nothing           401 401 401 401 401 404 401

PUT /stories/{id}/switches           open              401 401 401 401 401 200 401
PUT /stories/{id}/switches           closed            401 401 401 401 401 200 401
PUT /stories/{id}/switches           elsewhere         401 401 401 401 401 404 401
PUT /stories/{id}/switches           nothing           401 401 401 401 401 404 401

GET /stories/{id}/question           open              404 404 404 404 404 404 404
GET /stories/{id}/question           asked             200 200 200 200 200 200 200
GET /stories/{id}/question           elsewhere         404 404 404 404 404 404 404
GET /stories/{id}/question           nothing           404 404 404 404 404 404 404

POST /stories/{id}/question          open              401 401 401 401 401 201 401
POST /stories/{id}/question          asked             401 401 401 401 401 409 401
POST /stories/{id}/question          elsewhere         401 401 401 401 401 404 401
POST /stories/{id}/question          nothing           401 401 401 401 401 404 401

GET /questions/{id}                  open              200 200 200 200 200 200 200
GET /questions/{id}                  closed            200 200 200 200 200 200 200
GET /questions/{id}                  proposed          200 200 200 200 200 200 200
GET /questions/{id}                  settled           200 200 200 200 200 200 200
GET /questions/{id}                  off               404 404 404 404 404 404 404
GET /questions/{id}                  elsewhere         404 404 404 404 404 404 404
GET /questions/{id}                  nothing           404 404 404 404 404 404 404

PATCH /questions/{id}                open              401 401 401 401 401 200 401
PATCH /questions/{id}                closed            401 401 401 401 401 409 401
PATCH /questions/{id}                proposed          401 401 401 401 401 409 401
PATCH /questions/{id}                settled           401 401 401 401 401 409 401
PATCH /questions/{id}                off               401 401 401 401 401 200 401
PATCH /questions/{id}                elsewhere         401 401 401 401 401 404 401
PATCH /questions/{id}                nothing           401 401 401 401 401 404 401

POST /questions/{id}/close           open              401 401 401 401 401 200 401
POST /questions/{id}/close           closed            401 401 401 401 401 200 401
POST /questions/{id}/close           proposed          401 401 401 401 401 200 401
POST /questions/{id}/close           settled           401 401 401 401 401 200 401
POST /questions/{id}/close           off               401 401 401 401 401 200 401
POST /questions/{id}/close           elsewhere         401 401 401 401 401 404 401
POST /questions/{id}/close           nothing           401 401 401 401 401 404 401

POST /questions/{id}/answers         open              401 201 201 201 201 401 401
POST /questions/{id}/answers         closed            401 409 409 409 409 401 401
POST /questions/{id}/answers         proposed          401 409 409 409 409 401 401
POST /questions/{id}/answers         settled           401 409 409 409 409 401 401
POST /questions/{id}/answers         off               401 403 403 403 403 401 401
POST /questions/{id}/answers         elsewhere         401 404 404 404 404 401 401
POST /questions/{id}/answers         nothing           401 404 404 404 404 401 401

GET /questions/{id}/answers          open              401 200 200 200 200 401 401
GET /questions/{id}/answers          closed            401 200 200 200 200 401 401
GET /questions/{id}/answers          proposed          401 200 200 200 200 401 401
GET /questions/{id}/answers          settled           401 200 200 200 200 401 401
GET /questions/{id}/answers          off               401 404 404 404 404 401 401
GET /questions/{id}/answers          elsewhere         401 404 404 404 404 401 401
GET /questions/{id}/answers          nothing           401 404 404 404 404 401 401

GET /questions/{id}/together         open              403 403 403 403 403 403 403
GET /questions/{id}/together         closed            403 403 403 403 403 403 403
GET /questions/{id}/together         proposed          403 403 403 403 403 403 403
GET /questions/{id}/together         settled           403 403 403 403 403 403 403
GET /questions/{id}/together         off               404 404 404 404 404 404 404
GET /questions/{id}/together         elsewhere         404 404 404 404 404 404 404
GET /questions/{id}/together         nothing           404 404 404 404 404 404 404

PUT /questions/{id}/follow           open              401 200 200 200 200 401 401
PUT /questions/{id}/follow           closed            401 200 200 200 200 401 401
PUT /questions/{id}/follow           proposed          401 200 200 200 200 401 401
PUT /questions/{id}/follow           settled           401 200 200 200 200 401 401
PUT /questions/{id}/follow           off               401 404 404 404 404 401 401
PUT /questions/{id}/follow           elsewhere         401 404 404 404 404 401 401
PUT /questions/{id}/follow           nothing           401 404 404 404 404 401 401

DELETE /questions/{id}/follow        open              401 200 200 200 200 401 401
DELETE /questions/{id}/follow        closed            401 200 200 200 200 401 401
DELETE /questions/{id}/follow        proposed          401 200 200 200 200 401 401
DELETE /questions/{id}/follow        settled           401 200 200 200 200 401 401
DELETE /questions/{id}/follow        off               401 200 200 200 200 401 401
DELETE /questions/{id}/follow        elsewhere         401 200 200 200 200 401 401
DELETE /questions/{id}/follow        nothing           401 200 200 200 200 401 401

POST /questions/{id}/milestones      open              401 401 401 401 401 201 401
POST /questions/{id}/milestones      closed            401 401 401 401 401 201 401
POST /questions/{id}/milestones      proposed          401 401 401 401 401 201 401
POST /questions/{id}/milestones      settled           401 401 401 401 401 201 401
POST /questions/{id}/milestones      off               401 401 401 401 401 201 401
POST /questions/{id}/milestones      elsewhere         401 401 401 401 401 404 401
POST /questions/{id}/milestones      nothing           401 401 401 401 401 404 401

DELETE /milestones/{id}              there             401 401 401 401 401 204 401
DELETE /milestones/{id}              gone              401 401 401 401 401 404 401
DELETE /milestones/{id}              elsewhere         401 401 401 401 401 404 401
DELETE /milestones/{id}              nothing           401 401 401 401 401 404 401

POST /questions/{id}/settlements     open              401 401 401 401 401 201 401
POST /questions/{id}/settlements     closed            401 401 401 401 401 201 401
POST /questions/{id}/settlements     proposed          401 401 401 401 401 409 401
POST /questions/{id}/settlements     settled           401 401 401 401 401 409 401
POST /questions/{id}/settlements     off               401 401 401 401 401 201 401
POST /questions/{id}/settlements     elsewhere         401 401 401 401 401 404 401
POST /questions/{id}/settlements     nothing           401 401 401 401 401 404 401

POST /settlements/{id}/confirmation  proposed          401 401 401 401 401 200 401
POST /settlements/{id}/confirmation  settled           401 401 401 401 401 409 401
POST /settlements/{id}/confirmation  declined          401 401 401 401 401 409 401
POST /settlements/{id}/confirmation  overturned        401 401 401 401 401 409 401
POST /settlements/{id}/confirmation  elsewhere         401 401 401 401 401 404 401
POST /settlements/{id}/confirmation  nothing           401 401 401 401 401 404 401

POST /settlements/{id}/refusal       proposed          401 401 401 401 401 200 401
POST /settlements/{id}/refusal       settled           401 401 401 401 401 409 401
POST /settlements/{id}/refusal       declined          401 401 401 401 401 409 401
POST /settlements/{id}/refusal       overturned        401 401 401 401 401 409 401
POST /settlements/{id}/refusal       elsewhere         401 401 401 401 401 404 401
POST /settlements/{id}/refusal       nothing           401 401 401 401 401 404 401

POST /settlements/{id}/appeals       proposed          401 404 404 404 404 401 401
POST /settlements/{id}/appeals       settled           401 201 201 201 201 401 401
POST /settlements/{id}/appeals       declined          401 404 404 404 404 401 401
POST /settlements/{id}/appeals       overturned        401 409 409 409 409 401 401
POST /settlements/{id}/appeals       elsewhere         401 404 404 404 404 401 401
POST /settlements/{id}/appeals       nothing           401 404 404 404 404 401 401

POST /appeals/{id}/decision          open              401 401 401 401 401 200 401
POST /appeals/{id}/decision          refused           401 401 401 401 401 409 401
POST /appeals/{id}/decision          elsewhere         401 401 401 401 401 404 401
POST /appeals/{id}/decision          nothing           401 401 401 401 401 404 401

POST /comments/preview               -                 401 200 200 200 200 401 401

GET /comments/{id}                   published         200 200 200 404 200 200 200
GET /comments/{id}                   held              404 200 404 404 404 404 404
GET /comments/{id}                   refused           404 200 404 404 404 404 404
GET /comments/{id}                   removed           200 200 200 404 200 200 200
GET /comments/{id}                   withdrawn         200 200 200 404 200 200 200
GET /comments/{id}                   elsewhere         404 404 404 404 404 404 404
GET /comments/{id}                   nothing           404 404 404 404 404 404 404

PATCH /comments/{id}                 published         401 200 403 404 403 401 401
PATCH /comments/{id}                 held              401 200 404 404 404 401 401
PATCH /comments/{id}                 refused           401 409 404 404 404 401 401
PATCH /comments/{id}                 removed           401 409 403 404 403 401 401
PATCH /comments/{id}                 withdrawn         401 409 403 404 403 401 401
PATCH /comments/{id}                 elsewhere         401 404 404 404 404 401 401
PATCH /comments/{id}                 nothing           401 404 404 404 404 401 401

DELETE /comments/{id}                published         401 200 403 404 403 401 401
DELETE /comments/{id}                held              401 200 404 404 404 401 401
DELETE /comments/{id}                refused           401 409 404 404 404 401 401
DELETE /comments/{id}                removed           401 200 403 404 403 401 401
DELETE /comments/{id}                withdrawn         401 200 403 404 403 401 401
DELETE /comments/{id}                elsewhere         401 404 404 404 404 401 401
DELETE /comments/{id}                nothing           401 404 404 404 404 401 401

GET /comments/{id}/replies           published         200 200 200 404 200 200 200
GET /comments/{id}/replies           held              404 200 404 404 404 404 404
GET /comments/{id}/replies           refused           404 200 404 404 404 404 404
GET /comments/{id}/replies           removed           200 200 200 404 200 200 200
GET /comments/{id}/replies           withdrawn         200 200 200 404 200 200 200
GET /comments/{id}/replies           elsewhere         404 404 404 404 404 404 404
GET /comments/{id}/replies           nothing           404 404 404 404 404 404 404

PUT /comments/{id}/recommendation    published         401 403 200 404 200 401 401
PUT /comments/{id}/recommendation    held              401 403 404 404 404 401 401
PUT /comments/{id}/recommendation    refused           401 403 404 404 404 401 401
PUT /comments/{id}/recommendation    removed           401 403 409 404 409 401 401
PUT /comments/{id}/recommendation    withdrawn         401 403 409 404 409 401 401
PUT /comments/{id}/recommendation    elsewhere         401 404 404 404 404 401 401
PUT /comments/{id}/recommendation    nothing           401 404 404 404 404 401 401

DELETE /comments/{id}/recommendation published         401 403 200 404 200 401 401
DELETE /comments/{id}/recommendation held              401 403 404 404 404 401 401
DELETE /comments/{id}/recommendation refused           401 403 404 404 404 401 401
DELETE /comments/{id}/recommendation removed           401 403 409 404 409 401 401
DELETE /comments/{id}/recommendation withdrawn         401 403 409 404 409 401 401
DELETE /comments/{id}/recommendation elsewhere         401 404 404 404 404 401 401
DELETE /comments/{id}/recommendation nothing           401 404 404 404 404 401 401

POST /comments/{id}/reports          published         401 403 201 404 201 401 401
POST /comments/{id}/reports          held              401 403 404 404 404 401 401
POST /comments/{id}/reports          refused           401 403 404 404 404 401 401
POST /comments/{id}/reports          removed           401 403 409 404 409 401 401
POST /comments/{id}/reports          withdrawn         401 403 409 404 409 401 401
POST /comments/{id}/reports          elsewhere         401 404 404 404 404 401 401
POST /comments/{id}/reports          nothing           401 404 404 404 404 401 401

PUT /threads/{id}/follow             published         401 200 200 404 200 401 401
PUT /threads/{id}/follow             held              401 200 404 404 404 401 401
PUT /threads/{id}/follow             refused           401 200 404 404 404 401 401
PUT /threads/{id}/follow             removed           401 200 200 404 200 401 401
PUT /threads/{id}/follow             withdrawn         401 200 200 404 200 401 401
PUT /threads/{id}/follow             elsewhere         401 404 404 404 404 401 401
PUT /threads/{id}/follow             nothing           401 404 404 404 404 401 401

DELETE /threads/{id}/follow          published         401 200 200 200 200 401 401
DELETE /threads/{id}/follow          held              401 200 200 200 200 401 401
DELETE /threads/{id}/follow          refused           401 200 200 200 200 401 401
DELETE /threads/{id}/follow          removed           401 200 200 200 200 401 401
DELETE /threads/{id}/follow          withdrawn         401 200 200 200 200 401 401
DELETE /threads/{id}/follow          elsewhere         401 200 200 200 200 401 401
DELETE /threads/{id}/follow          nothing           401 200 200 200 200 401 401

GET /readers/{id}                    owner             200 200 200 404 200 200 200
GET /readers/{id}                    hidden            200 200 200 200 200 200 200
GET /readers/{id}                    elsewhere         404 404 404 404 404 404 404
GET /readers/{id}                    nothing           404 404 404 404 404 404 404

GET /readers/{id}/comments           owner             200 200 200 404 200 200 200
GET /readers/{id}/comments           hidden            200 200 200 200 200 200 200
GET /readers/{id}/comments           elsewhere         404 404 404 404 404 404 404
GET /readers/{id}/comments           nothing           404 404 404 404 404 404 404

PUT /readers/{id}/follow             owner             401 400 200 403 200 401 401
PUT /readers/{id}/follow             hidden            401 403 403 403 403 401 401
PUT /readers/{id}/follow             elsewhere         401 404 404 404 404 401 401
PUT /readers/{id}/follow             nothing           401 404 404 404 404 401 401

DELETE /readers/{id}/follow          owner             401 200 200 200 200 401 401
DELETE /readers/{id}/follow          hidden            401 200 200 200 200 401 401
DELETE /readers/{id}/follow          elsewhere         401 200 200 200 200 401 401
DELETE /readers/{id}/follow          nothing           401 200 200 200 200 401 401

PUT /readers/{id}/mute               owner             401 400 200 200 200 401 401
PUT /readers/{id}/mute               hidden            401 200 200 200 200 401 401
PUT /readers/{id}/mute               elsewhere         401 404 404 404 404 401 401
PUT /readers/{id}/mute               nothing           401 404 404 404 404 401 401

DELETE /readers/{id}/mute            owner             401 400 200 200 200 401 401
DELETE /readers/{id}/mute            hidden            401 200 200 200 200 401 401
DELETE /readers/{id}/mute            elsewhere         401 404 404 404 404 401 401
DELETE /readers/{id}/mute            nothing           401 404 404 404 404 401 401

PUT /readers/{id}/block              owner             401 400 200 200 200 401 401
PUT /readers/{id}/block              hidden            401 200 200 200 200 401 401
PUT /readers/{id}/block              elsewhere         401 404 404 404 404 401 401
PUT /readers/{id}/block              nothing           401 404 404 404 404 401 401

DELETE /readers/{id}/block           owner             401 400 200 200 200 401 401
DELETE /readers/{id}/block           hidden            401 200 200 200 200 401 401
DELETE /readers/{id}/block           elsewhere         401 404 404 404 404 401 401
DELETE /readers/{id}/block           nothing           401 404 404 404 404 401 401

GET /feed                            -                 401 200 200 200 200 401 401
GET /notices                         -                 401 200 200 200 200 401 401
POST /notices/seen                   -                 401 200 200 200 200 401 401
POST /desk/session                   -                 403 403 403 403 403 403 403

POST /comments/{id}/decisions        published         401 401 401 401 401 201 401
POST /comments/{id}/decisions        held              401 401 401 401 401 409 401
POST /comments/{id}/decisions        refused           401 401 401 401 401 409 401
POST /comments/{id}/decisions        removed           401 401 401 401 401 409 401
POST /comments/{id}/decisions        withdrawn         401 401 401 401 401 409 401
POST /comments/{id}/decisions        elsewhere         401 401 401 401 401 404 401
POST /comments/{id}/decisions        nothing           401 401 401 401 401 404 401

PUT /readers/{id}/roles              owner             401 401 401 401 401 200 401
PUT /readers/{id}/roles              hidden            401 401 401 401 401 200 401
PUT /readers/{id}/roles              elsewhere         401 401 401 401 401 404 401
PUT /readers/{id}/roles              nothing           401 401 401 401 401 404 401
`)

func readMatrix(text string) map[string]map[string]string {
	rows := map[string]map[string]string{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] == "route" {
			continue
		}
		route, rest := words[0]+" "+words[1], words[2:]
		object, answers := strings.Join(rest[:len(rest)-len(askers)], " "), strings.Join(rest[len(rest)-len(askers):], " ")
		if rows[route] == nil {
			rows[route] = map[string]string{}
		}
		rows[route][object] = answers
	}
	return rows
}
