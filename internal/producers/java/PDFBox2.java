// Signs a PDF with PDFBox 2: PDFBox2 IN P12 OUT MODE, where MODE is
// "approval" or "certified" (P=2). The containers are BER, as PDFBox's examples
// write them.
import java.io.*;
import org.apache.pdfbox.cos.*;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;

public class PDFBox2 {
    public static void main(String[] args) throws Exception {
        Signer signer = new Signer(args[1]);
        try (FileOutputStream out = new FileOutputStream(args[2]); PDDocument doc = PDDocument.load(new File(args[0]))) {
            doc.setDocumentId(20260512L);
            PDSignature sig = new PDSignature();
            sig.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            sig.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
            sig.setName("NGUYEN VAN A");
            sig.setLocation("Ha Noi");
            sig.setReason("I agree");
            sig.setSignDate(Signer.when());
            if (args[3].equals("certified")) certify(doc, sig);
            SignatureOptions room = new SignatureOptions();
            room.setPreferredSignatureSize(4096);
            doc.addSignature(sig, signer::container, room);
            doc.saveIncremental(out);
        }
    }

    static void certify(PDDocument doc, PDSignature sig) {
        COSDictionary params = new COSDictionary();
        params.setName(COSName.TYPE, "TransformParams");
        params.setInt(COSName.P, 2);
        params.setName(COSName.V, "1.2");
        params.setNeedToBeUpdated(true);
        COSDictionary ref = new COSDictionary();
        ref.setName(COSName.TYPE, "SigRef");
        ref.setName("TransformMethod", "DocMDP");
        ref.setName("DigestMethod", "SHA1");
        ref.setItem("TransformParams", params);
        ref.setNeedToBeUpdated(true);
        COSArray refs = new COSArray();
        refs.add(ref);
        refs.setNeedToBeUpdated(true);
        sig.getCOSObject().setItem("Reference", refs);
        COSDictionary catalog = doc.getDocumentCatalog().getCOSObject();
        COSDictionary perms = new COSDictionary();
        catalog.setItem("Perms", perms);
        perms.setItem("DocMDP", sig.getCOSObject());
        catalog.setNeedToBeUpdated(true);
        perms.setNeedToBeUpdated(true);
    }
}
